import PacketPrimitives
import Testing

@testable import Smux

/// Two multiplexers joined back to back by pipes that cut the bytes anywhere.
@Suite struct MultiplexerPairTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var version: Int
        var seed: UInt64
        var introduces: Bool

        var testDescription: String { "version \(self.version), seed \(self.seed), introduced \(self.introduces)" }

        static let all: [Case] = [1, 2].flatMap { version in
            [false, true].flatMap { introduces in
                (1...6).map { Case(version: version, seed: $0, introduces: introduces) }
            }
        }
    }

    @Test(arguments: Case.all) func `every byte arrives, in order`(parameters: Case) throws {
        var link = try Link(parameters, abandons: false)
        try link.run(steps: 4000)
        try link.drain()
        for id in link.ids {
            for (from, to) in [(link.client, link.server), (link.server, link.client)] {
                let sent = link.sentByteCounts[Direction(id: id, isFromClient: from === link.client), default: 0]
                let expected = Link.pattern(id, isFromClient: from === link.client, range: 0..<sent)
                #expect(to.application.received[id, default: []] == expected, "stream \(id)")
                #expect(to.application.finished.contains(id))
            }
        }
        link.expectNothingLeft()
        #expect(link.client.multiplexer.statistics.discardedByteCount == 0)
        #expect(link.server.multiplexer.statistics.discardedByteCount == 0)
    }

    @Test(arguments: Case.all) func `streams that are given up do not disturb the others`(parameters: Case) throws {
        var link = try Link(parameters, abandons: true)
        try link.run(steps: 4000)
        try link.drain()
        for id in link.ids {
            for receiver in [link.client, link.server] {
                let received = receiver.application.received[id, default: []]
                let isFromClient = receiver === link.server
                #expect(received == Link.pattern(id, isFromClient: isFromClient, range: 0..<received.count))
                let sent = link.sentByteCounts[Direction(id: id, isFromClient: isFromClient), default: 0]
                if !link.abandoned.contains(id) { #expect(received.count == sent, "stream \(id)") }
            }
        }
        #expect(!link.abandoned.isEmpty)
        if parameters.introduces { link.expectNothingLeft() }
    }

    @Test func `a stalled stream of version 2 does not hold up the others`() throws {
        let (client, server) = (try Endpoint(.client, version: 2), try Endpoint(.server, version: 2))
        let (stalled, other) = (try client.open(), try client.open())
        client.write([UInt8](repeating: 1, count: 3_000_000), to: stalled)
        client.write([UInt8](repeating: 2, count: 3_000_000), to: other)
        for _ in 0..<100 {
            server.receive(client.pollAll().joined())
            server.consume(other)
            client.receive(server.pollAll().joined())
        }
        #expect(server.application.received[other]?.count == 3_000_000)
        #expect(server.application.received[stalled]?.count == 262_144)
        #expect(server.wantsInput)
    }

    @Test func `a stalled stream of version 1 fills the bucket`() throws {
        let (client, server) = (try Endpoint(.client, version: 1), try Endpoint(.server, version: 1))
        client.write([UInt8](repeating: 1, count: 5_000_000), to: try client.open())
        var frameCount = 0
        while server.wantsInput, let frame = client.poll() {
            server.receive(frame)
            frameCount += 1
        }
        #expect(!server.wantsInput)
        #expect(server.multiplexer.bucket > -8192)
        #expect(frameCount == 1 + 4_194_304 / 8192)
    }

    @Test(arguments: [[0, 1], [1, 0]]) func `a request half-closed before its answer gets all of it`(order: [Int])
        throws
    {
        let (client, server) = (try Endpoint(.client, version: 2), try Endpoint(.server, version: 2))
        let id = try client.open()
        client.write("request", to: id)
        client.multiplexer.finish(id)
        server.receive(client.pollAll().joined())
        #expect(server.application.finished == [id])
        let answer = [UInt8](repeating: 9, count: 600_000)
        server.write(answer, to: id)
        for step in order {
            if step == 0 { server.multiplexer.finish(id) } else { server.consume(id) }
        }
        for _ in 0..<10 {
            client.receive(server.pollAll().joined())
            client.consume(id)
            server.receive(client.pollAll().joined())
        }
        #expect(client.application.received[id] == answer)
        #expect(client.application.finished == [id])
        #expect(client.multiplexer.streamCount == 0 && server.multiplexer.streamCount == 0)
    }
}

/// One direction of one stream.
struct Direction: Hashable {
    var id: StreamID
    var isFromClient: Bool
}

/// A client and a server, and the bytes between them.
struct Link {
    let client: Endpoint
    let server: Endpoint
    private let random: SeededRandomSource
    private let abandons: Bool
    private var toServer: [UInt8] = []
    private var toClient: [UInt8] = []
    private(set) var ids: [StreamID] = []
    private(set) var abandoned: Set<StreamID> = []
    private(set) var sentByteCounts: [Direction: Int] = [:]
    private var finished: Set<Direction> = []

    init(_ parameters: MultiplexerPairTests.Case, abandons: Bool) throws {
        let configuration = try Configuration(
            version: parameters.version, maximumFrameByteCount: 3000, receiveBufferByteCount: 300_000,
            streamBufferByteCount: 50_000)
        self.client = Endpoint(.client, configuration: configuration)
        self.server = Endpoint(.server, configuration: configuration)
        self.random = SeededRandomSource(seed: parameters.seed)
        self.abandons = abandons
        guard parameters.introduces else { return }
        self.client.multiplexer.introduce()
        self.server.multiplexer.introduce()
        try self.exchangeIntroductions()
    }

    private func exchangeIntroductions() throws {
        self.client.receive(self.server.pollAll().joined())
        self.server.receive(self.client.pollAll().joined())
        guard self.client.application.introductions.count == 1 else { throw EndpointError.noStream }
    }

    static func pattern(_ id: StreamID, isFromClient: Bool, range: Range<Int>) -> [UInt8] {
        let salt = Int(id.rawValue) &* 37 &+ (isFromClient ? 11 : 0)
        return range.map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ $0 >> 8) &+ salt) }
    }

    private func below(_ bound: Int) -> Int { Int(self.random.next() % UInt64(bound)) }

    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            switch self.below(12) {
            case 0 where self.ids.count < 60: self.ids.append(try self.client.open())
            case 1, 2: self.writeSomething()
            case 3: self.consumeSomething()
            case 4: self.finishOrAbandonSomething()
            default: self.moveBytes()
            }
        }
    }

    /// Finishes all streams and lets everything through.
    mutating func drain() throws {
        for id in self.ids {
            for isFromClient in [true, false] { self.finish(Direction(id: id, isFromClient: isFromClient)) }
        }
        for _ in 0..<20000 {
            self.moveBytes()
            for id in self.ids {
                self.client.consume(id)
                self.server.consume(id)
            }
            for id in self.ids { self.finish(Direction(id: id, isFromClient: false)) }
            if !self.client.hasFrames, !self.server.hasFrames, self.toServer.isEmpty, self.toClient.isEmpty { return }
        }
        Issue.record("the link does not come to rest")
    }

    func expectNothingLeft() {
        for endpoint in [self.client, self.server] {
            #expect(endpoint.multiplexer.streamCount == 0)
            #expect(endpoint.multiplexer.bucket == 300_000)
            #expect(endpoint.failure == nil)
        }
    }

    private func endpoint(_ isClient: Bool) -> Endpoint { isClient ? self.client : self.server }

    private func randomDirection() -> Direction? {
        guard !self.ids.isEmpty else { return nil }
        return Direction(id: self.ids[self.below(self.ids.count)], isFromClient: self.below(2) == 0)
    }

    /// The server knows a stream only once its SYN has come.
    private func isUsable(_ direction: Direction) -> Bool {
        direction.isFromClient || self.server.application.opened.contains(direction.id)
    }

    private mutating func writeSomething() {
        guard let direction = self.randomDirection(), self.isUsable(direction), !self.finished.contains(direction),
            !self.abandoned.contains(direction.id)
        else { return }
        let start = self.sentByteCounts[direction, default: 0]
        let range = start..<(start + 1 + self.below(self.below(4) == 0 ? 40_000 : 400))
        self.sentByteCounts[direction] = range.upperBound
        let bytes = Self.pattern(direction.id, isFromClient: direction.isFromClient, range: range)
        self.endpoint(direction.isFromClient).write(bytes, to: direction.id)
    }

    private mutating func consumeSomething() {
        guard let direction = self.randomDirection() else { return }
        let endpoint = self.endpoint(direction.isFromClient)
        let held = endpoint.application.held[direction.id, default: 0]
        if held > 0 { endpoint.consume(direction.id, byteCount: 1 + self.below(held)) }
    }

    private mutating func finishOrAbandonSomething() {
        guard self.below(4) == 0, let direction = self.randomDirection(), self.isUsable(direction) else { return }
        guard self.abandons, self.below(2) == 0 else { return self.finish(direction) }
        self.abandoned.insert(direction.id)
        self.endpoint(direction.isFromClient).abandon(direction.id)
    }

    private mutating func finish(_ direction: Direction) {
        guard self.isUsable(direction), self.finished.insert(direction).inserted else { return }
        self.endpoint(direction.isFromClient).multiplexer.finish(direction.id)
    }

    /// Lets both sides send a little and hear a little.
    private mutating func moveBytes() {
        for _ in 0..<(1 + self.below(4)) {
            if let frame = self.client.poll(maximumByteCount: 16 + self.below(4000)) { self.toServer += frame }
            if let frame = self.server.poll(maximumByteCount: 16 + self.below(4000)) { self.toClient += frame }
        }
        self.toServer = self.deliver(self.toServer, to: self.server)
        self.toClient = self.deliver(self.toClient, to: self.client)
    }

    /// Hands over a part of random length, unless the bucket is used up; returns the rest.
    private func deliver(_ bytes: [UInt8], to endpoint: Endpoint) -> [UInt8] {
        guard endpoint.wantsInput, !bytes.isEmpty else { return bytes }
        let byteCount = min(bytes.count, 1 + self.below(self.below(3) == 0 ? 20 : 5000))
        #expect(endpoint.receive(bytes.prefix(byteCount)) == .accepted)
        return Array(bytes.dropFirst(byteCount))
    }
}
