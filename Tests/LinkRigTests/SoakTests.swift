import BenchmarkSupport
import Testing

@testable import LinkRig

@Suite struct ProcessLifeTests {
    private static func life(_ memory: [Double], descriptors: Double = 40) -> ProcessLife {
        var life = ProcessLife(program: "server")
        life.samples = memory.enumerated().map { index, memory in
            ProcessLife.Sample(seconds: Double(2 * index), mebibytes: memory, descriptors: descriptors)
        }
        return life
    }

    /// The first fifteen samples are of the time in which a program grows.
    private static func warmed(_ memory: [Double]) -> ProcessLife { self.life((0..<15).map(Double.init) + memory) }

    @Test func `a short life says nothing`() {
        #expect(Self.life([Double](repeating: 20, count: 25)).isFlat == nil)
    }

    @Test func `memory that goes up and down is flat`() {
        let life = Self.warmed((0..<40).map { $0 % 2 == 0 ? 20 : 24 })
        #expect(life.isFlat == true)
        #expect(life.memory == ProcessLife.Course(quietEarly: 20, quietLate: 20, largest: 24))
    }

    @Test func `a burst late in life is no growth`() {
        #expect(Self.warmed((0..<60).map { (40..<55).contains($0) ? 90 : 20 }).isFlat == true)
    }

    @Test func `memory that grows is not`() {
        #expect(Self.warmed((0..<60).map { 20 + 4 * Double($0) }).isFlat == false)
    }

    @Test func `descriptors that grow are not`() {
        var life = Self.warmed([Double](repeating: 20, count: 60))
        for index in life.samples.indices { life.samples[index].descriptors = Double(10 * index) }
        #expect(life.isFlat == false)
    }
}

@Suite struct SoakResultTests {
    private static func result(_ change: (inout SoakCounts) -> Void = { _ in }) -> SoakResult {
        var counts = SoakCounts()
        counts.completeConnections = 10
        counts.cutByRestart = 3
        change(&counts)
        return SoakResult(counts: counts, wrongRequests: 0, requestBytes: 0, restarts: 1, rebindings: 2, lives: [])
    }

    @Test func `connections that a restart has cut are no failure, lost ones are`() {
        #expect(Self.result().isPassed)
        #expect(!Self.result { $0.lostConnections = 1 }.isPassed)
        #expect(!Self.result { $0.wrongConnections = 1 }.isPassed)
        #expect(!Self.result { $0.completeConnections = 0 }.isPassed)
    }

    @Test func `it can be read by people and programs`() throws {
        #expect(Self.result().markdown.hasPrefix("Passed: 10 connections complete"))
        #expect(Self.result { $0.lostConnections = 1 }.markdown.hasPrefix("**Failed**"))
        #expect(try Self.result().json(conditions: ["date": "today"]).contains("\"cutByRestart\" : 3"))
    }
}

@Suite struct CheckedRequestTests {
    @Test(arguments: [true, false]) func `what a header says is read again`(endsFirst: Bool) {
        let request = CheckedRequest(
            seed: 77 << 40, requestByteCount: 5, answerByteCount: 1_000_000, endsFirst: endsFirst)
        #expect(request.header.count == CheckedRequest.headerByteCount)
        #expect(CheckedRequest(header: request.header) == request)
    }

    /// What the service gets of a request whose sender stops after `limit` bytes and says that it has ended.
    private static func reception(limit: Int, of request: CheckedRequest) throws -> CheckedRequest.Reception {
        let listener = try StreamSocket.listening()
        let sender = try StreamSocket.connected(toPort: listener.port)
        guard let receiver = listener.accepted() else { throw BenchmarkError.tunnel("no connection") }
        let thread = WorkerThread {
            _ = request.send(isAnswer: true, limit: limit, to: sender)
            sender.close()
        }
        defer {
            thread.join()
            receiver.close()
            listener.close()
        }
        receiver.limitWaiting(toMilliseconds: 30_000)
        return request.receive(isAnswer: true, from: receiver)
    }

    @Test func `every byte is checked, and whether all have come`() throws {
        let request = CheckedRequest(seed: 4, requestByteCount: 0, answerByteCount: 100_000, endsFirst: false)
        #expect(
            try Self.reception(limit: .max, of: request) == .init(byteCount: 100_000, isRight: true, isComplete: true))
        #expect(
            try Self.reception(limit: 70_000, of: request) == .init(byteCount: 70_000, isRight: true, isComplete: false)
        )
    }
}

@Suite struct SoakTallyTests {
    private static let request = CheckedRequest(seed: 1, requestByteCount: 0, answerByteCount: 10, endsFirst: false)

    @Test func `what ends early is lost, unless a program is being restarted`() {
        let tally = SoakTally()
        let start = Nanoseconds.now
        tally.add(.init(byteCount: 10, isRight: true, isComplete: true), of: Self.request, since: start)
        tally.add(.init(byteCount: 4), of: Self.request, since: start)
        tally.beginRestart()
        tally.add(.init(byteCount: 4), of: Self.request, since: start)
        tally.endRestart()
        tally.add(.init(byteCount: 4), of: Self.request, since: start)
        tally.add(.init(byteCount: 4, isRight: false), of: Self.request, since: start)
        let counts = tally.counts
        #expect(counts.completeConnections == 1)
        #expect((counts.lostConnections, counts.lostBytes) == (1, 6))
        #expect(counts.cutByRestart == 2)
        #expect(counts.wrongConnections == 1)
    }
}
