import Ciphers
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCore

/// What a peer with the right key can make a session hold that keeps to none of the windows it is told.
@Suite struct HostilePeerTests {
    /// An application that reads nothing of what it gets.
    private final class Application: StreamSink, StreamSource {
        var heldByteCount = 0
        func streamOpened(_ id: StreamID) {}
        func stream(_ id: StreamID, received bytes: RawSpan) { self.heldByteCount += bytes.byteCount }
        func streamFinished(_ id: StreamID) {}
        func streamAborted(_ id: StreamID) {}
        func peerIntroduced(capabilities: Capabilities) {}
        func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
    }

    private static let window = 128
    private static let sessionBuffer = 200_000
    private static let now = Instant(milliseconds: 1000)

    private static func session(smuxVersion: Int) throws -> TunnelSession {
        let configuration = SessionConfiguration(
            role: .server, cipher: .null, derivedKey: KeyDerivation.derive(from: "k"), dataShards: 0, parityShards: 0,
            mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: Self.window, receiveWindow: Self.window),
            multiplexer: try Smux.Configuration(
                version: smuxVersion, receiveBufferByteCount: Self.sessionBuffer, streamBufferByteCount: 100_000),
            usesCompression: false)
        let envelope = CipherSuite.null.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        return TunnelSession(
            conversationID: 7, configuration: configuration, envelope: envelope, scratch: FrameScratch(),
            now: Self.now, clientUsesShards: false)
    }

    private static func segment(_ number: UInt32, _ payload: [UInt8]) -> PacketSlab {
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: SegmentHeader.byteCount + payload.count)
        var bytes = slab.mutableBytes(at: 0)
        SegmentHeader(
            conversation: 7, command: .push, window: 128, time: 5, number: number, expected: 0,
            payloadByteCount: payload.count
        ).write(to: &bytes, at: 0)
        slab.copyBytes(from: (Self.header(of: slab) + payload).span.bytes, at: 0)
        return slab
    }

    private static func header(of slab: borrowing PacketSlab) -> [UInt8] {
        slab.bytes(at: 0).withUnsafeBytes { Array($0.prefix(SegmentHeader.byteCount)) }
    }

    /// A frame for stream 3.
    private static func frame(_ version: Int, _ command: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        [UInt8(version), command, UInt8(payload.count & 255), UInt8(payload.count >> 8), 3, 0, 0, 0] + payload
    }

    @Test(arguments: [1, 2]) func `a peer that ignores every window is bounded by ours`(smuxVersion: Int) throws {
        var session = try Self.session(smuxVersion: smuxVersion)
        let application = Application()
        let push = Self.frame(smuxVersion, 2, [UInt8](repeating: 9, count: 1000))
        for number in UInt32(0)..<2000 {
            let payload = number == 0 ? Self.frame(smuxVersion, 0) : push
            session.handlePackets(Self.segment(number, payload), 0..<1, now: Self.now, sink: application)
        }
        // At most one segment more than the buffer; the rest waits in the window, or was not taken.
        #expect(application.heldByteCount >= Self.sessionBuffer)
        #expect(application.heldByteCount < Self.sessionBuffer + 1000)
        let held = session.heldByteCount
        #expect(held < 2 * Self.window * 1600 + 100_000)
        #expect(session.statistics.conversation.segmentsBeyondWindow > 1000)
        #expect(session.failure == nil)
    }

    @Test func `with little memory a session takes hardly anything, and goes on later where it was`() throws {
        var session = try Self.session(smuxVersion: 2)
        let application = Application()
        let push = Self.frame(2, 2, [UInt8](repeating: 9, count: 1000))
        let isResumedAtFirst = session.limitMemory(to: 32_768, streamByteCount: 0, holdsInput: true, now: Self.now)
        #expect(!isResumedAtFirst)
        for number in UInt32(0)..<100 {
            let payload = number == 0 ? Self.frame(2, 0) : push
            session.handlePackets(Self.segment(number, payload), 0..<1, now: Self.now, sink: application)
        }
        #expect(application.heldByteCount == 0)
        let held = session.heldByteCount
        #expect(held < 65_536)
        let isResumed = session.limitMemory(to: nil, streamByteCount: 0, holdsInput: false, now: Self.now)
        #expect(isResumed)
        session.deliverReady(now: Self.now, sink: application)
        #expect(application.heldByteCount > 0)
        // What was not taken was not acknowledged, so the peer sends it again.
        for number in UInt32(1)..<100 {
            session.handlePackets(Self.segment(number, push), 0..<1, now: Self.now, sink: application)
        }
        #expect(application.heldByteCount == 99_000)
    }
}
