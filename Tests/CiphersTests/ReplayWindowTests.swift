import PacketPrimitives
import Testing

@testable import Ciphers

@Suite struct ReplayWindowTests {
    private static let hiding = CipherSuite.allCases.filter { ![.xor, .none, .null].contains($0) }
    private static let marked = CipherSuite.allCases.filter { $0 != .null }
    private static let begin = Instant(milliseconds: 1000)

    /// An envelope and a window that watches over it.
    private struct Receiver: ~Copyable {
        let envelope: any PacketEnvelope
        var window: ReplayWindow
        var now = ReplayWindowTests.begin

        init(_ suite: CipherSuite, secret: UInt64 = 5) {
            self.envelope = suite.makeEnvelope(
                key: testKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 9)))
            self.window = ReplayWindow(
                secret: .init(SeededRandomSource(seed: secret)), now: ReplayWindowTests.begin)
        }

        /// So many different datagrams.
        func datagrams(_ count: Int, payload: [UInt8] = [UInt8](repeating: 0x51, count: 30)) -> [[UInt8]] {
            (0..<count).map { _ in self.envelope.sealed([payload])[0] }
        }

        mutating func open(_ datagrams: some Sequence<[UInt8]>) -> (result: OpenResult, keptCounts: [Int]) {
            var slab = PacketSlab(received: Array(datagrams))
            let result = self.window.open(&slab, 0..<slab.count, with: self.envelope, now: self.now)
            return (result, slab.allContents.map(\.count))
        }
    }

    // MARK: What is dropped

    @Test(arguments: marked) func `a datagram is opened once`(suite: CipherSuite) {
        var receiver = Receiver(suite)
        let sent = receiver.datagrams(40)
        let first = receiver.open(sent)
        let again = receiver.open(sent.reversed())
        let others = receiver.open(receiver.datagrams(3) + [sent[7]])
        #expect(first.result == OpenResult(opened: 40) && first.keptCounts.allSatisfy { $0 == 30 })
        #expect(again.result == OpenResult(replayed: 40) && again.keptCounts.allSatisfy { $0 == 0 })
        #expect(others.result == OpenResult(opened: 3, replayed: 1))
        #expect(others.keptCounts == [30, 30, 30, 0])
    }

    @Test(arguments: marked) func `of copies in one burst the first is taken`(suite: CipherSuite) {
        var receiver = Receiver(suite)
        let sent = receiver.datagrams(2)
        let opened = receiver.open([sent[0], sent[0], sent[1], sent[0]])
        #expect(opened.result == OpenResult(opened: 2, replayed: 2))
        #expect(opened.keptCounts == [30, 0, 30, 0])
        let repeated = (0..<4).map { receiver.window.isRepeated($0) }
        #expect(repeated == [false, true, false, true])
    }

    @Test func `without an envelope there is nothing to tell copies by`() {
        var receiver = Receiver(.null)
        let sent = [[UInt8](repeating: 1, count: 30)]
        _ = receiver.open(sent)
        let again = receiver.open(sent)
        let fingerprint = receiver.window.fingerprint(at: 0)
        #expect(again.result == OpenResult(opened: 1) && fingerprint == nil)
    }

    /// The same bytes again are a repetition of the peer, which has a nonce of its own.
    @Test(arguments: marked) func `the same payload in another datagram is taken`(suite: CipherSuite) {
        var receiver = Receiver(suite)
        let first = receiver.open(receiver.datagrams(1))
        let second = receiver.open(receiver.datagrams(1))
        #expect(first.result == second.result && second.result == OpenResult(opened: 1))
    }

    // MARK: What is remembered

    /// Otherwise somebody could make a datagram be dropped that is still on its way, by sending it damaged first.
    @Test(arguments: hiding) func `what cannot be opened is not remembered`(suite: CipherSuite) {
        var receiver = Receiver(suite)
        let sent = receiver.datagrams(1)[0]
        var damaged = sent
        damaged[damaged.count - 1] ^= 1
        let junk = receiver.open([damaged])
        let genuine = receiver.open([sent])
        #expect(junk.result == OpenResult(failedChecksum: 1) && genuine.result == OpenResult(opened: 1))
    }

    @Test func `junk does not push out what is remembered`() {
        var receiver = Receiver(.aes)
        let sent = receiver.datagrams(10)
        _ = receiver.open(sent)
        let random = SeededRandomSource(seed: 3)
        for _ in 0..<50 { _ = receiver.open((0..<100).map { _ in randomBytes(50, from: random) }) }
        let again = receiver.open(sent)
        #expect(again.result == OpenResult(replayed: 10))
    }

    /// Whoever wants to send a recorded datagram once more would have to change those bytes.
    @Test(arguments: hiding) func `changing the bytes that identify a datagram breaks it`(suite: CipherSuite) throws {
        var receiver = Receiver(suite)
        let sent = receiver.datagrams(1)[0]
        let place = receiver.envelope.fingerprintOffset
        let offset = try #require(place)
        for bit in 0..<64 {
            var altered = sent
            altered[offset + bit / 8] ^= 1 << (bit % 8)
            let opened = receiver.open([altered])
            #expect(opened.result == OpenResult(failedChecksum: 1), "bit \(bit)")
        }
    }

    @Test(arguments: [1, 17, 512])
    func `nearly all of the last quarter are known`(burst: Int) {
        var receiver = Receiver(.none)
        let count = ReplayWindow.firstCapacity / 4
        for _ in 0..<12 {
            receiver.now = receiver.now.advanced(milliseconds: ReplayWindow.wantedMilliseconds)
            let sent = receiver.datagrams(count)
            for start in stride(from: 0, to: count, by: burst) {
                let opened = receiver.open(sent[start..<min(count, start + burst)])
                #expect(opened.result.replayed == 0)
            }
            let again = receiver.open(sent)
            #expect(again.result.replayed >= count * 99 / 100)
        }
    }

    @Test func `what is long gone is forgotten`() {
        var receiver = Receiver(.none)
        let old = receiver.datagrams(5)
        _ = receiver.open(old)
        for _ in 0..<4 {
            receiver.now = receiver.now.advanced(milliseconds: ReplayWindow.wantedMilliseconds)
            _ = receiver.open(receiver.datagrams(ReplayWindow.firstCapacity))
        }
        let again = receiver.open(old)
        #expect(again.result == OpenResult(opened: 5))
    }

    @Test func `the room grows with the rate, up to a limit, and stays otherwise`() {
        var receiver = Receiver(.none)
        let first = receiver.window.byteCount
        receiver.now = Self.begin.advanced(milliseconds: ReplayWindow.wantedMilliseconds)
        _ = receiver.open(receiver.datagrams(ReplayWindow.firstCapacity))
        let slow = receiver.window.byteCount
        let datagrams = receiver.datagrams(3 * ReplayWindow.largestCapacity)
        for start in stride(from: 0, to: datagrams.count, by: 1024) {
            _ = receiver.open(datagrams[start..<start + 1024])
        }
        let largest = receiver.window.byteCount
        #expect(first == 16 << 10 && slow == first && largest == 512 << 10)
        let count = ReplayWindow.largestCapacity / 4
        let again = receiver.open(datagrams.suffix(count))
        #expect(again.result.replayed >= count * 99 / 100)
    }

    // MARK: Loops

    @Test func `a packet that another loop has opened is a copy for the one that had it`() throws {
        var home = Receiver(.aes)
        var other = Receiver(.aes)
        let sent = home.datagrams(3)
        _ = home.open(sent)
        _ = other.open([sent[2]])
        let place = other.window.fingerprint(at: 0)
        let fingerprint = try #require(place)
        let isNew = home.window.takeOver(fingerprint, now: Self.begin)
        let isRepeated = home.window.isRepeated(0)
        let isNewThere = other.window.takeOver(0x1234_5678, now: Self.begin)
        let isUnmarkedNew = home.window.takeOver(nil, now: Self.begin)
        #expect(!isNew && isRepeated && isNewThere && isUnmarkedNew)
    }

    @Test func `windows with other secrets have other fingerprints`() {
        var left = Receiver(.aes)
        var right = Receiver(.aes, secret: 6)
        let sent = left.datagrams(1)
        _ = left.open(sent)
        _ = right.open(sent)
        let fingerprints = (left.window.fingerprint(at: 0), right.window.fingerprint(at: 0))
        #expect(fingerprints.0 != nil && fingerprints.0 != fingerprints.1)
    }

    @Test func `lengths that hold no envelope are left to it`() {
        var receiver = Receiver(.aes)
        for byteCount in 1...19 {
            let short = [UInt8](repeating: 0, count: byteCount)
            let opened = receiver.open([short, short])
            #expect(opened.result == OpenResult(tooShort: 2), "\(byteCount) bytes")
        }
    }
}
