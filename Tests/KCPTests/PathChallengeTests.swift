import PacketPrimitives
import RateControl
import Testing

@testable import KCP

@Suite struct PathChallengeTests {
    private static let profile = KCP.Configuration(
        mtu: 1400, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false, sendWindow: 64,
        receiveWindow: 64)
    private static let start = Instant(milliseconds: 1000)

    /// The packets with which `peer` answers a question of `asker`.
    private static func answers(
        of peer: inout Conversation, to asker: inout Conversation, token: UInt32, now: Instant = start
    ) -> [[UInt8]] {
        var slab = PacketSlab(slotCount: 1)
        asker.writeChallenge(token: token, into: &slab)
        let question = [UInt8](slab.bytes(at: 0))
        #expect(question.count == SegmentHeader.byteCount)
        var received: [UInt8] = []
        peer.handlePacket(question, now: now, received: &received)
        #expect(received.isEmpty)
        let later = now.advanced(milliseconds: 100)
        peer.handleTimeout(now: later)
        return peer.drainPackets(now: later)
    }

    @Test func `every peer answers, and takes nothing in`() {
        var asker = Conversation(id: 7, configuration: Self.profile)
        var peer = Conversation(id: 7, configuration: Self.profile)
        let answers = Self.answers(of: &peer, to: &asker, token: 0xDEAD_BEEF)
        let isAnsweredEarly = asker.isChallengeAnswered
        #expect(!isAnsweredEarly)
        var received: [UInt8] = []
        for answer in answers { asker.handlePacket(answer, now: Self.start, received: &received) }
        let isAnswered = asker.isChallengeAnswered
        #expect(isAnswered)
        let (sample, timeout) = (asker.minimumRoundTripMilliseconds, asker.retransmissionTimeoutMilliseconds)
        #expect(sample == nil, "a random time is no measurement")
        #expect(timeout == 200)
        let ready = (peer.readySegmentCount, peer.waitingSegmentCount)
        #expect(ready == (0, 0))
    }

    /// A conversation that sends by a model.
    private static func modelled() -> Conversation {
        Conversation(
            id: 7, configuration: Self.profile, path: PathController(datagramByteCount: 1428, now: Self.start),
            overheadByteCount: 28)
    }

    /// Whether `peer` answers the question without waiting for its rhythm.
    private static func isAnsweredAtOnce(by peer: inout Conversation) -> Bool {
        let challenge = PathChallenge(conversation: 7, token: 0xDEAD_BEEF)
        var received: [UInt8] = []
        let question = Segment(.push, time: challenge.token, number: challenge.number).bytes
        peer.handlePacket(question, now: Self.start, received: &received)
        return peer.drainPackets(now: Self.start).contains { challenge.isAnswered(by: $0.span.bytes) }
    }

    @Test func `whoever sends by a model answers at once`() {
        var peer = Self.modelled()
        let isAnswered = Self.isAnsweredAtOnce(by: &peer)
        #expect(isAnswered)
        var original = Conversation(id: 7, configuration: Self.profile)
        let isHasty = Self.isAnsweredAtOnce(by: &original)
        #expect(!isHasty)
    }

    @Test func `a question is answered beside acknowledgements that wait`() {
        var peer = Self.modelled()
        peer.acknowledgePromptly()
        var received: [UInt8] = []
        for number in 0..<3 as Range<UInt32> {
            let data = Segment(.push, time: number, number: number, payload: [1]).bytes
            peer.handlePacket(data, now: Self.start, received: &received)
            _ = number == 0 ? peer.drainPackets(now: Self.start) : []
        }
        let isAnswered = Self.isAnsweredAtOnce(by: &peer)
        #expect(isAnswered)
    }

    @Test func `the answer to an earlier question is neither an answer nor a measurement`() {
        var asker = Conversation(id: 7, configuration: Self.profile)
        var peer = Conversation(id: 7, configuration: Self.profile)
        // As times, these lie in the past of any clock for half of all clocks.
        for token in [0x0000_0001, 0x8000_0001] as [UInt32] {
            let late = Self.answers(of: &peer, to: &asker, token: token)
            _ = Self.answers(of: &peer, to: &asker, token: 0xDEAD_BEEF)
            var received: [UInt8] = []
            let now = Instant(milliseconds: 100_000)
            for answer in late { asker.handlePacket(answer, now: now, received: &received) }
            let (isAnswered, timeout) = (asker.isChallengeAnswered, asker.retransmissionTimeoutMilliseconds)
            #expect(!isAnswered)
            #expect(timeout == 200)
        }
    }

    @Test func `the same token is the same question, which any answer answers`() {
        var asker = Conversation(id: 7, configuration: Self.profile)
        var peer = Conversation(id: 7, configuration: Self.profile)
        let first = Self.answers(of: &peer, to: &asker, token: 5)
        _ = Self.answers(of: &peer, to: &asker, token: 5)
        var received: [UInt8] = []
        for answer in first { asker.handlePacket(answer, now: Self.start, received: &received) }
        let isAnswered = asker.isChallengeAnswered
        #expect(isAnswered)
    }

    @Test func `data goes on where it was`() {
        var asker = Conversation(id: 7, configuration: Self.profile)
        var peer = Conversation(id: 7, configuration: Self.profile)
        _ = Self.answers(of: &peer, to: &asker, token: 1)
        asker.write([1, 2, 3])
        asker.flush(now: Self.start)
        var received: [UInt8] = []
        for packet in asker.drainPackets(now: Self.start) {
            peer.handlePacket(packet, now: Self.start, received: &received)
        }
        #expect(received == [1, 2, 3])
        let later = Self.start.advanced(milliseconds: 1000)
        for packet in Self.answers(of: &peer, to: &asker, token: 2, now: later) {
            asker.handlePacket(packet, now: Self.start, received: &received)
        }
        let (isAnswered, inFlight) = (asker.isChallengeAnswered, asker.inFlightSegmentCount)
        #expect(isAnswered)
        #expect(inFlight == 0)
    }

    @Test(arguments: [
        Segment(.acknowledge, time: 6, number: .max), Segment(.acknowledge, time: 5, number: 0),
        Segment(.push, time: 5, number: .max), Segment(.acknowledge, conversation: 8, time: 5, number: .max),
    ])
    func `only the acknowledgement with the random time is an answer`(segment: Segment) {
        func isAnswered(by packet: [UInt8]) -> Bool {
            PathChallenge(conversation: 7, token: 5).isAnswered(by: packet.span.bytes)
        }
        #expect(!isAnswered(by: segment.bytes))
        let answer = Segment(.acknowledge, time: 5, number: .max).bytes
        #expect(isAnswered(by: answer))
        #expect(isAnswered(by: Segment(.push, payload: [1, 2]).bytes + answer))
        #expect(!isAnswered(by: segment.bytes.dropLast() + [255] + answer))
    }

    @Test func `what knows of data that was never sent does not fit`() {
        let conversation = Conversation(id: 7, configuration: Self.profile)
        func fits(_ segment: Segment) -> Bool { conversation.fits(segment.header) }
        let isRight = fits(Segment(.push, number: 3)) && fits(Segment(.askWindow))
        #expect(isRight)
        let isWrong =
            fits(Segment(.push, number: 64)) || fits(Segment(.push, expected: 1))
            || fits(Segment(.acknowledge, number: 0)) || fits(Segment(.push, conversation: 8))
        #expect(!isWrong)
    }
}
