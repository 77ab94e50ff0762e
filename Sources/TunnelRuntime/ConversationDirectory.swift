import NIOCore
import PacketPrimitives
import Synchronization

/// Which event loop has which conversation, for the sockets that share a port, and which have ended lately. When a
/// client's address changes the kernel may give its packets to the socket of another loop. Asked only about packets of
/// sources without a session.
final class ConversationDirectory: Sendable {
    private struct State {
        var homes: [UInt32: NIOLoopBound<ServerPort>] = [:]
        var recent = RecentConversations()
    }

    private let state = Mutex(State())

    func add(_ conversation: UInt32, at home: NIOLoopBound<ServerPort>) {
        self.state.withLock { $0.homes[conversation] = home }
    }

    /// Forgets the conversation, unless another loop has one with the same number by now.
    /// - Parameter isOver: a client was served; another beginning with this number is not one.
    func remove(_ conversation: UInt32, at eventLoop: any EventLoop, isOver: Bool) {
        self.state.withLock { state in
            if state.homes[conversation]?.eventLoop === eventLoop { state.homes[conversation] = nil }
            if isOver { state.recent.insert(conversation) }
        }
    }

    /// Whether the conversation ended not long ago.
    func isOver(_ conversation: UInt32) -> Bool { self.state.withLock { $0.recent.contains(conversation) } }

    /// The port that has the conversation, if it is on another loop than `eventLoop`.
    func home(of conversation: UInt32, otherThan eventLoop: any EventLoop) -> NIOLoopBound<ServerPort>? {
        guard let home = self.state.withLock({ $0.homes[conversation] }), home.eventLoop !== eventLoop else {
            return nil
        }
        return home
    }
}
