import Synchronization

/// Which conversations a server has, on all its ports and event loops, and which have ended lately: recordings of their
/// beginnings may be sent again to any of its ports. Asked only when a session begins or ends, or a packet belongs to
/// none.
///
/// A client takes a random number for each conversation (protocol 03 §8), so one that has hit on another's is served
/// with its next try.
final class ConversationRegister: Sendable {
    private struct State {
        var live: Set<UInt32> = []
        var recent = RecentConversations()

        func isKnown(_ conversation: UInt32) -> Bool {
            self.live.contains(conversation) || self.recent.contains(conversation)
        }
    }

    private let state = Mutex(State())

    /// Whether somebody has the conversation now.
    func isLive(_ conversation: UInt32) -> Bool { self.state.withLock { $0.live.contains(conversation) } }

    /// Whether somebody has the conversation, or had it not long ago.
    func isKnown(_ conversation: UInt32) -> Bool { self.state.withLock { $0.isKnown(conversation) } }

    /// Takes a conversation in. False: it is known, perhaps since just now.
    func begin(_ conversation: UInt32) -> Bool {
        self.state.withLock { $0.isKnown(conversation) ? false : $0.live.insert(conversation).inserted }
    }

    /// - Parameter isOver: a client was served; another beginning with this number is not one.
    func end(_ conversation: UInt32, isOver: Bool) {
        self.state.withLock { state in
            state.live.remove(conversation)
            if isOver { state.recent.insert(conversation) }
        }
    }
}
