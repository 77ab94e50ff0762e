package import DatagramIO
import FakeTCP
package import TunnelCore

/// What both hosts need besides their sessions' settings.
package struct HostConfiguration: Sendable {
    package var session: SessionConfiguration
    package var socket: DatagramSocketOptions
    /// How many event loops to use.
    package var loopCount: Int
    /// How long a stream may stay half-closed without traffic, seconds (`--closewait`).
    package var closeWait: Int
    /// The key that everybody has who sets none. Only to be able to say that the other end uses it.
    package var publicKey: String?
    /// Datagrams look like TCP segments (`--tcp`); a server serves plain ones too.
    package var disguisesAsTCP: Bool
    /// What all sessions together may hold, bytes (`--memlimit`).
    package var memoryLimit: Int

    package init(
        session: SessionConfiguration, socket: DatagramSocketOptions, loopCount: Int, closeWait: Int,
        publicKey: String? = nil, disguisesAsTCP: Bool = false, memoryLimit: Int = .max
    ) {
        self.session = session
        self.socket = socket
        self.loopCount = max(1, loopCount)
        self.closeWait = closeWait
        self.publicKey = publicKey
        self.disguisesAsTCP = disguisesAsTCP
        self.memoryLimit = memoryLimit
    }

    /// How sessions are divided between event loops. A controller belongs to one loop, so all sessions with a host are on
    /// that too: two controllers would compete for the way there.
    var flowDivision: FlowDivision { self.session.directsPaths ? .byHost : .byFlow }
}

/// All that a client needs to know.
package struct ClientConfiguration: Sendable {
    package var host: HostConfiguration
    package var listen: StreamAddress
    /// The servers, best first; at least one.
    package var remotes: [PortRange]
    /// Sessions that streams are spread over (`--conn`).
    package var connections: Int
    /// Age at which a session gets no new streams, seconds; 0: never (`--autoexpire`).
    package var autoExpire: Int
    /// How long an expired session may keep its streams, seconds (`--scavengettl`).
    package var scavengeTTL: Int

    package init(
        host: HostConfiguration, listen: StreamAddress, remotes: [PortRange], connections: Int, autoExpire: Int = 0,
        scavengeTTL: Int = 600
    ) {
        self.host = host
        self.listen = listen
        self.remotes = remotes
        self.connections = connections
        self.autoExpire = autoExpire
        self.scavengeTTL = scavengeTTL
    }

    /// How many event loops have something to do.
    var loopCount: Int { self.host.flowDivision == .byHost ? 1 : min(self.host.loopCount, self.connections) }
}

/// All that a server needs to know.
package struct ServerConfiguration: Sendable {
    package var host: HostConfiguration
    package var listen: PortRange
    package var target: StreamAddress

    package init(host: HostConfiguration, listen: PortRange, target: StreamAddress) {
        self.host = host
        self.listen = listen
        self.target = target
    }
}
