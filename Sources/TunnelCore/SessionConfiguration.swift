package import Ciphers
package import KCP
package import PacketPrimitives
package import RateControl
package import Smux

/// Which end of the tunnel a session is. Only clients open streams.
package enum TunnelRole: Sendable {
    case client
    case server
}

/// Everything one session needs to know, checked. The same value serves all sessions of a program.
package struct SessionConfiguration: Sendable {
    package var role: TunnelRole
    package var cipher: CipherSuite
    /// The 32 bytes derived from the operator's key (protocol 01 §1).
    package var derivedKey: [UInt8]
    /// Packets per FEC group and parity packets added to it; FEC is sent only if both are above 0 (protocol 02).
    package var dataShards: Int
    package var parityShards: Int
    /// Largest UDP payload, bytes.
    package var mtu: Int
    /// ARQ settings; `mtu` in here is overwritten by what envelope and FEC leave of the datagram.
    package var conversation: KCP.Configuration
    package var multiplexer: Smux.Configuration
    /// Snappy framing below smux (protocol 05 §1).
    package var usesCompression: Bool
    /// QPP pads, if stream payload is permuted (protocol 05 §2).
    package var permutation: PermutationPads?
    /// The pads that a peer most likely uses which permutes although this end does not: what it takes to say so.
    package var trialPads: PermutationPads?
    /// What decides when to send (`-cc`).
    package var rules = SendingRules.original
    /// What the operator has not set.
    package var automatic: AutomaticSettings = []
    /// Upper bound of what one session sends, UDP payload bytes per second; `nil` for none.
    package var rateLimit: Int?
    /// Whether the peer has to use what is set here, instead of being followed.
    package var isStrict: Bool
    /// Ours or, for simulations, the original's.
    package var habits = SessionHabits.standard

    package init(
        role: TunnelRole, cipher: CipherSuite, derivedKey: [UInt8], dataShards: Int, parityShards: Int, mtu: Int,
        conversation: KCP.Configuration, multiplexer: Smux.Configuration, usesCompression: Bool,
        permutation: PermutationPads? = nil, trialPads: PermutationPads? = nil, rateLimit: Int? = nil,
        isStrict: Bool = false
    ) {
        self.role = role
        self.cipher = cipher
        self.derivedKey = derivedKey
        self.dataShards = dataShards
        self.parityShards = parityShards
        self.mtu = min(mtu, PacketSlab.maximumDatagramByteCount)
        self.conversation = conversation
        self.multiplexer = multiplexer
        self.usesCompression = usesCompression
        self.permutation = permutation
        self.trialPads = trialPads
        self.rateLimit = rateLimit
        self.isStrict = isStrict
    }

    /// A controller for a path to a peer, as the rules want it; `nil` for the original's rules or habits.
    package func makePath(now: Instant) -> PathController? {
        guard self.directsPaths else { return nil }
        let fixedRate: Int? = if case .fixed(let rate) = self.rules { rate } else { nil }
        return PathController(
            datagramByteCount: self.mtu + Self.networkHeaderByteCount, fixedRate: fixedRate, now: now)
    }

    /// Whether sessions have a controller for their path.
    package var directsPaths: Bool { self.rules != .original && self.habits == .standard }

    /// What IPv4 and UDP put in front of every datagram.
    package static let networkHeaderByteCount = 28

    /// Whether this end adds parity, if it is not to follow its client.
    package var usesParity: Bool { self.dataShards > 0 && self.parityShards > 0 }

    /// What our stream looks like, if it is not to follow the client's.
    package var profile: StreamProfile {
        StreamProfile(smuxVersion: self.multiplexer.version, usesCompression: self.usesCompression)
    }

    /// The most parity per group that is taken over from the peer: bursts with it must fit into a slab.
    static let largestFollowedParityCount = 32

    /// How many slots a slab needs so that a burst of `packetCount` packets and the parity it completes fit.
    package func slotCount(forBurst packetCount: Int) -> Int {
        let ownCount = self.usesParity ? self.parityShards : 0
        let parityCount = max(ownCount, self.isStrict ? 0 : Self.largestFollowedParityCount)
        return packetCount + (parityCount > 0 ? parityCount + 1 : 0)
    }

    /// What an envelope of `headerByteCount` and `trailerByteCount` bytes leaves for one KCP packet (protocol 01 §6).
    /// - Parameter usesShards: there is an FEC header too; `nil`: as this end is set.
    package func packetByteCount(headerByteCount: Int, trailerByteCount: Int, usesShards: Bool? = nil) -> Int {
        self.mtu - headerByteCount - trailerByteCount - (usesShards ?? self.usesParity ? 8 : 0)
    }
}
