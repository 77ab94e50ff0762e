package import BenchmarkSupport
package import NetworkSimulation
package import TunnelCore

/// The folders of the programs that are compared, each with `kcptun-client` and `kcptun-server`.
package struct ProgramFolders: Sendable {
    package var ours: String
    package var original: String

    package init(ours: String, original: String) {
        self.ours = ours
        self.original = original
    }
}

/// What is at one end of a tunnel: a row of `EndProfile`, which says whose program it is and how it is set up, and
/// flags beside that for ours.
package struct RigEnd: Sendable, Equatable {
    private let profileName: String
    private let label: String?
    package let extraFlags: [String]

    /// "default", or "default@LABEL" with the flags of that label; `nil` if there is no such row or label, or the
    /// program is not ours.
    init?(name: String, flags: [String: [String]]) {
        let parts = name.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let profile = EndProfile.all.first(where: { $0.name == parts[0] }) else { return nil }
        self.profileName = profile.name
        self.label = parts.count == 2 ? parts[1] : nil
        guard let label else {
            self.extraFlags = []
            return
        }
        guard let extraFlags = flags[label], profile.habits == .standard else { return nil }
        self.extraFlags = extraFlags
    }

    package var name: String { self.label.map { "\(self.profileName)@\($0)" } ?? self.profileName }

    private var profile: EndProfile {
        guard let profile = EndProfile.all.first(where: { $0.name == self.profileName }) else {
            preconditionFailure("no profile \(self.profileName)")
        }
        return profile
    }

    package var isOurs: Bool { self.profile.habits == .standard }

    /// Its flags on a link, but for addresses.
    package func flags(_ role: TunnelRole, on scenario: LinkScenario, besideOriginal: Bool) -> [String] {
        let profile = self.profile
        var flags = profile.mode == "fast" ? [] : ["-mode", profile.mode]
        if profile.windows.areExplicit {
            let windows = profile.windows.segmentCounts(role, on: scenario)
            flags += ["-sndwnd", "\(windows.send)", "-rcvwnd", "\(windows.receive)"]
        }
        if profile.parityShards == 0 { flags += ["-datashard", "0", "-parityshard", "0"] }
        // The original of 2021 has version 1, and whoever talks to it must.
        if self.isOurs, besideOriginal { flags += ["-smuxver", "1"] }
        return flags + self.extraFlags
    }
}

/// What carries the streams of a run from one end of the link to the other.
package enum RigVariant: Sendable, Equatable {
    case tunnel(client: RigEnd, server: RigEnd)
    /// The kernel's TCP with this congestion control, without a tunnel.
    case tcp(CompetitorKind)

    /// An end for both, "CLIENT+SERVER", or "tcp-bbr".
    package init?(name: String, flags: [String: [String]] = [:]) {
        if name.hasPrefix("tcp-") {
            guard let kind = CompetitorKind(rawValue: String(name.dropFirst(4))) else { return nil }
            self = .tcp(kind)
            return
        }
        let parts = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let ends = parts.compactMap { RigEnd(name: $0, flags: flags) }
        guard parts.count <= 2, ends.count == parts.count, let client = ends.first, let server = ends.last else {
            return nil
        }
        self = .tunnel(client: client, server: server)
    }

    package var name: String {
        switch self {
        case .tcp(let kind): "tcp-\(kind.rawValue)"
        case .tunnel(let client, let server):
            client == server ? client.name : "\(client.name)+\(server.name)"
        }
    }

    /// The command line of one end of a tunnel; `nil` without one.
    package func end(_ role: TunnelRole, on scenario: LinkScenario, from folders: ProgramFolders) -> TunnelEnd? {
        guard case .tunnel(let client, let server) = self else { return nil }
        let (own, other) = role == .client ? (client, server) : (server, client)
        let program = role == .client ? "kcptun-client" : "kcptun-server"
        return TunnelEnd(
            path: "\(own.isOurs ? folders.ours : folders.original)/\(program)",
            options: own.flags(role, on: scenario, besideOriginal: !other.isOurs))
    }
}
