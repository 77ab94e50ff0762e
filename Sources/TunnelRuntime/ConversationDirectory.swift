import NIOCore
import PacketPrimitives
import Synchronization

/// Which event loop has which conversation, for the sockets that share a port. When a client's address changes the
/// kernel may give its packets to the socket of another loop. Asked only about packets of sources without a session.
final class ConversationDirectory: Sendable {
    /// Of all ports.
    let register: ConversationRegister
    private let homes = Mutex<[UInt32: NIOLoopBound<ServerPort>]>([:])

    init(_ register: ConversationRegister) { self.register = register }

    /// False: the server has the conversation, or had it not long ago.
    func add(_ conversation: UInt32, at home: NIOLoopBound<ServerPort>) -> Bool {
        guard self.register.begin(conversation) else { return false }
        self.homes.withLock { $0[conversation] = home }
        return true
    }

    /// - Parameter isOver: a client was served; another beginning with this number is not one.
    func remove(_ conversation: UInt32, isOver: Bool) {
        self.homes.withLock { $0[conversation] = nil }
        self.register.end(conversation, isOver: isOver)
    }

    /// The port that has the conversation, if it is on another loop than `eventLoop`.
    func home(of conversation: UInt32, otherThan eventLoop: any EventLoop) -> NIOLoopBound<ServerPort>? {
        guard let home = self.homes.withLock({ $0[conversation] }), home.eventLoop !== eventLoop else { return nil }
        return home
    }
}
