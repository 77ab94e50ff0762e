import BenchmarkSupport
import PacketPrimitives
import Synchronization

/// One of the applications of a soak: makes a connection, checks what it brings, makes the next.
final class SoakClient: Sendable {
    /// Without a byte for so long a connection counts as lost.
    static let patienceMilliseconds = 60_000
    private static let sizes = [0, 1, 300, 5000, 20_000, 20_000, 100_000, 1_000_000]

    private let port: UInt16
    private let tally: SoakTally
    private let number: UInt64
    private let mustEnd = Atomic(false)
    private let thread = Mutex<WorkerThread?>(nil)

    init(number: Int, throughPort port: UInt16, tally: SoakTally) {
        self.number = UInt64(number)
        self.port = port
        self.tally = tally
        self.thread.withLock { $0 = WorkerThread { [self] in self.run() } }
    }

    func requestEnd() { self.mustEnd.store(true, ordering: .relaxed) }

    func join() { self.thread.withLock { $0?.join() } }

    private func run() {
        let random = SeededRandomSource(seed: SeededRandomSource.mix(self.number &+ 1))
        while !self.mustEnd.load(ordering: .relaxed) {
            self.exchange(random)
            Nanoseconds.sleep(seconds: 3 * random.nextUnit())
        }
    }

    private static func size(_ random: SeededRandomSource) -> Int {
        self.sizes[Int(random.next() % UInt64(self.sizes.count))]
    }

    private func exchange(_ random: SeededRandomSource) {
        let request = CheckedRequest(
            seed: random.next() >> 1, requestByteCount: Self.size(random), answerByteCount: Self.size(random),
            endsFirst: random.nextUnit() < 0.5)
        let isToBeReset = random.nextUnit() < 0.05
        let start = Nanoseconds.now
        // A client that is being restarted takes no connections; the next one will find it.
        guard let socket = try? StreamSocket.connected(toPort: self.port) else { return }
        socket.limitWaiting(toMilliseconds: Self.patienceMilliseconds)
        var isSent = unsafe request.header.withUnsafeBytes { unsafe socket.send($0) }
        isSent = isSent && request.send(isAnswer: false, limit: isToBeReset ? 10_000 : .max, to: socket)
        if isToBeReset {
            socket.reset()
            return self.tally.addReset()
        }
        if isSent, request.endsFirst { socket.finishWriting() }
        let reception = request.receive(isAnswer: true, from: socket)
        socket.close()
        self.tally.add(reception, of: request, since: start)
    }
}
