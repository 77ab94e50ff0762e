/// The kernel gave a socket a smaller buffer than was asked for.
///
/// It matters more than it seems: a full receive buffer loses a whole train of coalesced datagrams at once, more than
/// forward error correction can mend.
package struct BufferShortfall: Hashable, Sendable {
    /// Which of the two buffers.
    package enum Direction: Hashable, Sendable { case send, receive }

    package var direction: Direction
    package var requestedByteCount: Int
    package var grantedByteCount: Int

    package init(direction: Direction, requestedByteCount: Int, grantedByteCount: Int) {
        self.direction = direction
        self.requestedByteCount = requestedByteCount
        self.grantedByteCount = grantedByteCount
    }

    /// The system setting that bounds the buffer.
    package var systemSetting: String {
        #if os(Linux)
            self.direction == .send ? "net.core.wmem_max" : "net.core.rmem_max"
        #else
            "kern.ipc.maxsockbuf"
        #endif
    }
}

extension BufferShortfall: CustomStringConvertible {
    /// What happened, and the command that mends it.
    package var description: String {
        let buffer = self.direction == .send ? "send" : "receive"
        return "the \(buffer) buffer is \(self.grantedByteCount) bytes instead of \(self.requestedByteCount): "
            + "set `sysctl -w \(self.systemSetting)=\(self.requestedByteCount)`"
    }
}
