package import BenchmarkSupport
import Synchronization

/// A connection on which a numbered message leaves every few milliseconds and comes back: shows when nothing got through,
/// and whether all of it did in the end.
package final class EchoProbe: Sendable {
    /// When answers came, and whether they were the right ones.
    package struct Log: Sendable {
        package var sentCount = 0
        package var arrivals: [Nanoseconds] = []
        package var isRight = true
        /// The connection has ended before it was told to.
        package var isCut = false

        package init() {}

        /// Of seconds, between two answers from `start` on.
        package func longestGap(from start: Nanoseconds) -> Double {
            let times = [start] + self.arrivals.filter { $0 > start }
            return zip(times, times.dropFirst()).map { ($1 - $0).seconds }.max() ?? .infinity
        }

        /// Seconds from `time` to the next answer.
        package func wait(from time: Nanoseconds) -> Double {
            self.arrivals.first { $0 > time }.map { ($0 - time).seconds } ?? .infinity
        }

        /// Whether everything has come back, right and in order.
        package var isComplete: Bool { self.isRight && !self.isCut && self.arrivals.count == self.sentCount }
    }

    private let socket: StreamSocket
    private let log = Mutex(Log())
    private let mustPause = Atomic(false)
    private let threads = Mutex<[WorkerThread]>([])

    private static let periodSeconds = 0.01

    package init(throughPort port: UInt16) throws(BenchmarkError) {
        self.socket = try StreamSocket.connected(toPort: port)
        self.threads.withLock { threads in
            threads = [WorkerThread { self.send() }, WorkerThread { self.receive() }]
        }
    }

    package var current: Log { self.log.withLock { $0 } }

    /// Waits until an answer has come after `time`; returns whether one has.
    package func waitForAnswer(after time: Nanoseconds, seconds: Double) -> Bool {
        self.wait(seconds: seconds) { $0.arrivals.last.map { $0 > time } ?? false }
    }

    private func wait(seconds: Double, until isTrue: (Log) -> Bool) -> Bool {
        let limit = Nanoseconds.now + Nanoseconds(count: Int64(seconds * 1e9))
        while true {
            let log = self.current
            if isTrue(log) { return true }
            guard Nanoseconds.now < limit, !log.isCut else { return false }
            Nanoseconds.sleep(seconds: 0.005)
        }
    }

    /// Sends nothing more, waits for what is under way, and ends the connection.
    package func finish(seconds: Double) -> Log {
        self.mustPause.store(true, ordering: .relaxed)
        _ = self.wait(seconds: seconds) { $0.arrivals.count == $0.sentCount }
        let log = self.current
        self.socket.shutDown()
        for thread in self.threads.withLock({ $0 }) { thread.join() }
        self.socket.close()
        return log
    }

    private func send() {
        guard self.socket.send(Request.echo.rawValue) else { return }
        while !self.mustPause.load(ordering: .relaxed) {
            let number = UInt64(
                self.log.withLock { log in
                    log.sentCount += 1
                    return log.sentCount
                })
            guard unsafe withUnsafeBytes(of: number, { unsafe self.socket.send($0) }) else { return }
            Nanoseconds.sleep(seconds: Self.periodSeconds)
        }
    }

    private func receive() {
        var number: UInt64 = 0
        while unsafe withUnsafeMutableBytes(of: &number, { unsafe self.socket.receive(filling: $0) }) {
            let arrival = Nanoseconds.now
            self.log.withLock { log in
                log.arrivals.append(arrival)
                if number != UInt64(log.arrivals.count) { log.isRight = false }
            }
        }
        self.log.withLock { log in log.isCut = true }
    }
}
