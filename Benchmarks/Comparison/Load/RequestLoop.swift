import BenchmarkSupport
import Synchronization

/// Connections that each send 64 bytes, wait for 64 bytes, and do so again until stopped.
final class RequestLoop: Sendable {
    private let sockets: [StreamSocket]
    private let threads: Mutex<[WorkerThread]>
    /// The moments at which answers were complete, with how long each had taken.
    private let answers = Mutex<[Answer]>([])

    struct Answer: Sendable {
        let arrival: Nanoseconds
        let latency: Nanoseconds
    }

    init(connectionCount: Int, throughPort port: UInt16) throws(BenchmarkError) {
        var sockets: [StreamSocket] = []
        for _ in 0..<connectionCount { sockets.append(try .connected(toPort: port)) }
        self.sockets = sockets
        threads = Mutex([])
        threads.withLock { threads in
            threads = sockets.map { socket in WorkerThread { self.run(socket) } }
        }
    }

    /// Ends the connections and hands out every answer.
    func stop() -> [Answer] {
        for socket in sockets { socket.shutDown() }
        for thread in threads.withLock({ $0 }) { thread.join() }
        for socket in sockets { socket.close() }
        return answers.withLock { $0 }
    }

    private func run(_ socket: StreamSocket) {
        var collected: [Answer] = []
        collected.reserveCapacity(1 << 16)
        var message = [UInt8](repeating: 0x5A, count: 64)
        guard socket.send(Request.echo.rawValue) else { return }
        // The echo of the request byte does not come back, so message and answer stay aligned.
        while true {
            let start = Nanoseconds.now
            guard message.withUnsafeBytes({ socket.send($0) }),
                message.withUnsafeMutableBytes({ socket.receive(filling: $0) })
            else { break }
            let arrival = Nanoseconds.now
            collected.append(Answer(arrival: arrival, latency: arrival - start))
        }
        answers.withLock { $0 += collected }
    }
}
