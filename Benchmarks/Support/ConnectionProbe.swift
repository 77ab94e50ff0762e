import Synchronization

/// Single fresh connections through a tunnel.
package enum ConnectionProbe {
    /// How long a new connection takes until its first byte comes back; nil if nothing comes within the limit.
    package static func timeToFirstByte(throughPort port: UInt16, limitMilliseconds: Int) -> Nanoseconds? {
        let start = Nanoseconds.now
        guard let socket = openIdle(throughPort: port, limitMilliseconds: limitMilliseconds) else { return nil }
        defer { socket.close() }
        return Nanoseconds.now - start
    }

    /// Opens connections until `count` of them have been answered.
    package static func openIdle(count: Int, throughPort port: UInt16) throws(BenchmarkError) -> [StreamSocket] {
        let opened = Opened()
        let threads = (0..<16).map { share in
            WorkerThread {
                for _ in stride(from: share, to: count, by: 16) {
                    guard let socket = openIdle(throughPort: port, limitMilliseconds: 5000) else { return }
                    opened.sockets.withLock { $0.append(socket) }
                }
            }
        }
        for thread in threads { thread.join() }
        let sockets = opened.sockets.withLock { $0 }
        guard sockets.count == count else {
            for socket in sockets { socket.close() }
            throw .tunnel("only \(sockets.count) of \(count) connections were answered")
        }
        return sockets
    }

    private static func openIdle(throughPort port: UInt16, limitMilliseconds: Int) -> StreamSocket? {
        guard let socket = try? StreamSocket.connected(toPort: port) else { return nil }
        socket.limitWaiting(toMilliseconds: limitMilliseconds)
        guard socket.send(Request.answerOnce.rawValue), socket.receiveByte() != nil else {
            socket.close()
            return nil
        }
        return socket
    }

    private final class Opened: Sendable {
        let sockets = Mutex<[StreamSocket]>([])
    }
}
