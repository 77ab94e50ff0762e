import PacketPrimitives

/// From where packets come to one event loop that are for another one's sessions, and for which: of a client whose address
/// has changed, parity does not say whose it is.
struct GuestTable {
    static let capacity = 4096

    private var conversations: [PeerAddress: UInt32] = [:]

    subscript(source: PeerAddress) -> UInt32? { self.conversations.isEmpty ? nil : self.conversations[source] }

    /// A packet of the conversation has come from there. When the table is full it begins anew: who is still a guest is
    /// noted again with its next packet.
    mutating func note(_ source: PeerAddress, _ conversation: UInt32) {
        if self.conversations.count >= Self.capacity, self.conversations[source] == nil { self.conversations = [:] }
        self.conversations[source] = conversation
    }

    mutating func remove(_ source: PeerAddress) {
        if !self.conversations.isEmpty { self.conversations[source] = nil }
    }
}
