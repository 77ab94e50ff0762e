package import FuzzSupport

/// What gets bytes from the network.
package enum PacketFuzzing {
    /// Each is a file beside this one.
    package static let targets: [any FuzzTarget.Type] = [
        EnvelopeTarget.self, ParityTarget.self, ParityPairTarget.self, ConversationTarget.self,
        ConversationPairTarget.self, SnappyTarget.self, SnappyPairTarget.self, MultiplexerTarget.self,
        SessionTarget.self, TunnelTarget.self, FakeTCPTarget.self,
    ]
}
