package import DatagramIO
package import TunnelCore

/// Where the local side of a client listens, or where the target of a server is.
package enum StreamAddress: Equatable, Sendable {
    /// A name or number and a port; an empty host means all addresses (listening) or this machine (connecting).
    case tcp(host: String, port: Int)
    /// A unix domain socket.
    case unix(path: String)
}

/// A host and the UDP ports that a server has there (protocol 06 §4).
package struct DatagramEndpoint: Equatable, Sendable {
    package var host: String
    package var ports: ClosedRange<UInt16>

    package init(host: String, ports: ClosedRange<UInt16>) {
        self.host = host
        self.ports = ports
    }
}

/// What both hosts need besides their sessions' settings.
package struct HostConfiguration: Sendable {
    package var session: SessionConfiguration
    package var socket: DatagramSocketOptions
    /// How many event loops to use.
    package var loopCount: Int
    /// How long a stream may stay half-closed without traffic, seconds (`--closewait`).
    package var closeWait: Int

    package init(session: SessionConfiguration, socket: DatagramSocketOptions, loopCount: Int, closeWait: Int) {
        self.session = session
        self.socket = socket
        self.loopCount = max(1, loopCount)
        self.closeWait = closeWait
    }
}

package struct ClientConfiguration: Sendable {
    package var host: HostConfiguration
    package var listen: StreamAddress
    package var remote: DatagramEndpoint
    /// Sessions that streams are spread over (`--conn`).
    package var connections: Int
    /// Age at which a session gets no new streams, seconds; 0: never (`--autoexpire`).
    package var autoExpire: Int
    /// How long an expired session may keep its streams, seconds (`--scavengettl`).
    package var scavengeTTL: Int

    package init(
        host: HostConfiguration, listen: StreamAddress, remote: DatagramEndpoint, connections: Int, autoExpire: Int = 0,
        scavengeTTL: Int = 600
    ) {
        self.host = host
        self.listen = listen
        self.remote = remote
        self.connections = connections
        self.autoExpire = autoExpire
        self.scavengeTTL = scavengeTTL
    }
}

package struct ServerConfiguration: Sendable {
    package var host: HostConfiguration
    package var listen: DatagramEndpoint
    package var target: StreamAddress

    package init(host: HostConfiguration, listen: DatagramEndpoint, target: StreamAddress) {
        self.host = host
        self.listen = listen
        self.target = target
    }
}
