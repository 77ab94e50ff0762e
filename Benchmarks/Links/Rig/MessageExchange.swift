import BenchmarkSupport
import NetworkSimulation
import PacketPrimitives
import Synchronization

/// Small messages at a steady pace through a connection of their own to a service that sends them back.
final class MessageExchange: Sendable {
    private let socket: StreamSocket
    private let now: @Sendable () -> Instant
    private let log = Mutex(MessageLog())
    private let mustEnd = Atomic(false)
    private let threads = Mutex<[WorkerThread]>([])

    /// `now` is the clock of the run.
    init(_ socket: StreamSocket, now: @escaping @Sendable () -> Instant) {
        self.socket = socket
        self.now = now
        self.threads.withLock { threads in
            threads = [WorkerThread { self.send() }, WorkerThread { self.receive() }]
        }
    }

    /// Ends the exchange and hands out when messages left and came back.
    func stop() -> MessageLog {
        self.mustEnd.store(true, ordering: .relaxed)
        self.socket.shutDown()
        for thread in self.threads.withLock({ $0 }) { thread.join() }
        self.socket.close()
        return self.log.withLock { $0 }
    }

    /// One message after the other at their times, however late the one before was.
    private func send() {
        guard self.socket.send(Request.echo.rawValue) else { return }
        let message = [UInt8](repeating: 0x5A, count: TrafficPattern.messageByteCount)
        var due = Nanoseconds.now
        while !self.mustEnd.load(ordering: .relaxed) {
            let time = self.now()
            self.log.withLock { $0.send(now: time) }
            guard unsafe message.withUnsafeBytes({ unsafe self.socket.send($0) }) else { return }
            due = due + Nanoseconds(count: Int64(TrafficPattern.messageMicroseconds) * 1000)
            Nanoseconds.sleep(seconds: max(0, (due - .now).seconds))
        }
    }

    private func receive() {
        var message = [UInt8](repeating: 0, count: TrafficPattern.messageByteCount)
        while unsafe message.withUnsafeMutableBytes({ unsafe self.socket.receive(filling: $0) }) {
            let time = self.now()
            self.log.withLock { $0.receive(TrafficPattern.messageByteCount, now: time) }
        }
    }
}
