package import PacketPrimitives

extension ReceiveBatch {
    /// A copy of a datagram as it came.
    package struct Sample: Equatable, Sendable {
        package var source: PeerAddress
        /// Its entry in the slab.
        package var entry: Int
        package var datagram: [UInt8]
    }

    /// The first datagram from `source`, copied, since opening it destroys it; `nil` if there is none.
    package func sample(from source: PeerAddress) -> Sample? {
        guard let message = self.messages.first(where: { $0.source == source }), let entry = message.entries.first
        else { return nil }
        return Sample(source: source, entry: entry, datagram: [UInt8](copying: self.slab.bytes(at: entry)))
    }
}
