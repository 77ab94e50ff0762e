import Ciphers
import KCP
import Smux
package import TunnelCore

/// How the program at one end of a tunnel is set up: a row under a name.
package struct EndProfile: Sendable {
    /// How large the windows are.
    package enum Windows: Sendable {
        /// What the program uses if nothing is said: 128 and 512 segments at the client, 1024 at the server.
        case standard
        /// Both of both ends, segments.
        case segments(Int)
        /// Both of both ends, in bandwidth-delay products of the link's faster direction.
        case products(Double)
    }

    package var name: String
    package var habits: SessionHabits
    package var rules = SendingRules.original
    /// What is not set.
    package var automatic: AutomaticSettings = []
    package var mode: String
    package var dataShards = 10
    package var parityShards = 3
    package var windows = Windows.standard
    /// Smux's buffers as on the command line, bytes; `nil` for what the program uses if nothing is said.
    package var buffers: (session: Int, stream: Int)?

    package init(name: String, habits: SessionHabits, mode: String) {
        self.name = name
        self.habits = habits
        self.mode = mode
    }

    /// The settings that this makes on a link, but for smux: both ends must have the same version.
    fileprivate func configuration(
        _ role: TunnelRole, on scenario: LinkScenario, smuxVersion: Int
    ) -> SessionConfiguration {
        guard let profile = Profile.named(self.mode) else { preconditionFailure("no mode \(self.mode)") }
        let windows = self.windows.segmentCounts(role, on: scenario)
        var configuration = SessionConfiguration(
            role: role, cipher: .none, derivedKey: [UInt8](repeating: 0, count: 32), dataShards: self.dataShards,
            parityShards: self.parityShards, mtu: 1350,
            conversation: KCP.Configuration(
                profile: profile, mtu: 1350, sendWindow: windows.send, receiveWindow: windows.receive),
            multiplexer: self.multiplexer(version: smuxVersion), usesCompression: false,
            isStrict: self.parityShards == 0)
        configuration.habits = self.habits
        configuration.rules = self.rules
        configuration.automatic = self.automatic
        return configuration
    }

    /// The original copies 4096 bytes at a time into its streams.
    private func multiplexer(version: Int) -> Smux.Configuration {
        do {
            switch (self.habits, self.buffers) {
            case (.original, _): return try Smux.Configuration(version: version, maximumFrameByteCount: 4096)
            case (.standard, nil): return try Smux.Configuration(version: version)
            case (.standard, let buffers?):
                return try Smux.Configuration(
                    version: version, receiveBufferByteCount: buffers.session, streamBufferByteCount: buffers.stream)
            }
        } catch { preconditionFailure("the rows are valid: \(error)") }
    }
}

extension EndProfile.Windows {
    /// Whether flags have to say it.
    package var areExplicit: Bool {
        if case .standard = self { false } else { true }
    }

    /// The numbers for one end.
    package func segmentCounts(_ role: TunnelRole, on scenario: LinkScenario) -> (send: Int, receive: Int) {
        switch self {
        case .standard: return role == .client ? (128, 512) : (1024, 1024)
        case .segments(let count): return (count, count)
        case .products(let count):
            let megabits = max(scenario.down.megabitsPerSecond, scenario.up.megabitsPerSecond)
            let byteCount = megabits * 125 * scenario.roundTripMilliseconds * count
            let segments = min(max(Int(byteCount / 1378), 32), KCP.Configuration.largestWindow)
            return (segments, segments)
        }
    }
}

// MARK: The rows

extension EndProfile {
    /// The original as it is without flags, but for the compression, which has nothing to do here.
    package static let goDefault = EndProfile(name: "go-default", habits: .original, mode: "fast")
    /// What its users do about bad links.
    package static let goFast3 = Self.goDefault.with(name: "go-fast3", mode: "fast3", windows: .products(2))
    /// The same without FEC.
    package static let goFast3WithoutParity = Self.goFast3.with(
        name: "go-fast3-nofec", mode: "fast3", windows: .products(2), parityShards: 0)
    /// Our program without flags.
    package static let standard = {
        var profile = Self.unmodelled
        profile.name = "default"
        profile.rules = .modelled
        profile.automatic = [.sendWindow, .receiveWindow, .streamBuffer, .parity]
        return profile
    }()
    /// Ours with `-cc off`, otherwise without flags.
    package static let unmodelled = EndProfile(name: "default-off", habits: .standard, mode: "fast")
    /// Ours with `-cc off` and the settings of `goFast3`.
    package static let fast3 = Self.unmodelled.with(name: "fast3", mode: "fast3", windows: .products(2))
    /// The same without FEC.
    package static let fast3WithoutParity = Self.unmodelled.with(
        name: "fast3-nofec", mode: "fast3", windows: .products(2), parityShards: 0)

    /// The original with windows that do not stop a fast sender.
    package static let goWide = Self.goDefault.with(name: "go-wide", mode: "fast", windows: .segments(2048))
    /// Ours with `-cc off`, without FEC.
    package static let off = Self.unmodelled.with(
        name: "off", mode: "fast", windows: .products(2), parityShards: 0, buffers: Self.largeBuffers)
    /// Ours with `-cc auto`, without FEC, and windows that do not limit.
    package static let auto = Self.unmodelled.with(
        name: "auto", rules: .modelled, mode: "fast", windows: .segments(KCP.Configuration.largestWindow),
        parityShards: 0, buffers: Self.largeBuffers)
    private static let largeBuffers = (session: 64 << 20, stream: 32 << 20)

    /// Every row.
    package static let all = [
        goDefault, goFast3, goFast3WithoutParity, goWide, standard, unmodelled, fast3, fast3WithoutParity, off, auto,
    ]

    private func with(
        name: String, rules: SendingRules = .original, mode: String, windows: Windows, parityShards: Int = 3,
        buffers: (session: Int, stream: Int)? = nil
    ) -> EndProfile {
        var profile = self
        profile.name = name
        profile.mode = mode
        profile.rules = rules
        profile.windows = windows
        profile.buffers = buffers
        profile.parityShards = parityShards
        if parityShards == 0 { profile.dataShards = 0 }
        return profile
    }
}

/// What is at the two ends of a tunnel.
package struct TunnelVariant: Sendable {
    package var client: EndProfile
    package var server: EndProfile

    package init(client: EndProfile, server: EndProfile) {
        self.client = client
        self.server = server
    }

    /// The same at both ends.
    package init(_ profile: EndProfile) { self.init(client: profile, server: profile) }

    /// Ours, sending to the original with its windows raised; for downloads.
    package static let autoToGo = TunnelVariant(client: .goWide, server: .auto)
    private static let autoToGoName = "auto-to-go"

    /// Names that do not say what is at both ends.
    package static let shortNames = [autoToGoName]

    /// "default" for both ends, "CLIENT+SERVER" or a short name; `nil` if there is no such row.
    package init?(name: String) {
        if name == Self.autoToGoName {
            self = .autoToGo
            return
        }
        let parts = name.split(separator: "+", omittingEmptySubsequences: false)
        let profiles = parts.compactMap { part in EndProfile.all.first { $0.name == part } }
        guard profiles.count == parts.count, let client = profiles.first, let server = profiles.last, parts.count <= 2
        else { return nil }
        self.init(client: client, server: server)
    }

    package var name: String {
        self.client.name == self.server.name ? self.client.name : "\(self.client.name)+\(self.server.name)"
    }

    /// The settings of one end on a link.
    package func configuration(_ role: TunnelRole, on scenario: LinkScenario) -> SessionConfiguration {
        let profile = role == .client ? self.client : self.server
        return profile.configuration(role, on: scenario, smuxVersion: self.smuxVersion)
    }

    /// Whether the client keeps messages and transfers in sessions of their own.
    var separatesMessages: Bool { self.client.rules != .original }

    /// The original of 2021, which the published figures are from, has 1, and whoever talks to it must.
    private var smuxVersion: Int { [self.client, self.server].contains { $0.habits == .original } ? 1 : 2 }
}
