import Ciphers
import ErasureCoding
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCore

/// The original's habits are those of a peer that knows nothing of us.
struct SessionHabitsTests {
    /// A session with a stream that has endless data.
    private struct Sender: ~Copyable {
        final class Application: StreamSink, StreamSource {
            func streamOpened(_ id: StreamID) {}
            func stream(_ id: StreamID, received bytes: RawSpan) {}
            func streamFinished(_ id: StreamID) {}
            func streamAborted(_ id: StreamID) {}
            func peerIntroduced(capabilities: Capabilities) {}
            func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {}
        }

        let application = Application()
        var session: TunnelSession
        var slab = PacketSlab(slotCount: 2048)

        init(_ habits: SessionHabits, sendWindow: Int) throws {
            var configuration = SessionConfiguration(
                role: .client, cipher: .null, derivedKey: [UInt8](repeating: 0, count: 32), dataShards: 10,
                parityShards: 3, mtu: 1350,
                conversation: KCP.Configuration(
                    mtu: 1350, noDelay: false, intervalMilliseconds: 30, fastResend: 2, congestionControl: false,
                    sendWindow: sendWindow, receiveWindow: 512),
                multiplexer: try Smux.Configuration(version: 1, maximumFrameByteCount: 4096), usesCompression: false)
            configuration.habits = habits
            let envelope = configuration.cipher.makeEnvelope(
                key: configuration.derivedKey, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
            self.session = TunnelSession(
                conversationID: 1, configuration: configuration, envelope: envelope, scratch: FrameScratch(),
                now: Instant(milliseconds: 1000))
        }

        /// How many datagrams leave at once.
        mutating func send() -> Int {
            if let id = self.session.openStream() { self.session.announce(id, byteCount: 1 << 30) }
            return self.session.pollDatagrams(
                into: &self.slab, now: Instant(milliseconds: 1000), source: self.application)
        }
    }

    @Test func `the original sends parity from the beginning, we do not`() throws {
        var original = try Sender(.original, sendWindow: 128)
        var ours = try Sender(.standard, sendWindow: 128)
        _ = original.send()
        _ = ours.send()
        let (originalParity, ourParity) = (
            original.session.statistics.parityEncoder.parityPackets, ours.session.statistics.parityEncoder.parityPackets
        )
        #expect(originalParity > 0)
        #expect(ourParity == 0)
    }

    @Test func `the original says nothing of itself`() throws {
        var original = try Sender(.original, sendWindow: 128)
        var ours = try Sender(.standard, sendWindow: 128)
        _ = original.send()
        _ = ours.send()
        // SYN and PSH; an introduction besides.
        let frames = (
            original.session.statistics.multiplexer.sentFrameCount, ours.session.statistics.multiplexer.sentFrameCount
        )
        let bytes = (
            original.session.statistics.multiplexer.sentPayloadByteCount,
            ours.session.statistics.multiplexer.sentPayloadByteCount
        )
        #expect(frames.0 == 1 + (bytes.0 + 4095) / 4096)
        #expect(frames.1 == 2 + (bytes.1 + 4095) / 4096)
    }

    @Test func `the original takes writes up to its window, not the peer's`() throws {
        // A peer that has said nothing has a window of 32 (protocol 03 §2).
        var original = try Sender(.original, sendWindow: 512)
        var ours = try Sender(.standard, sendWindow: 512)
        _ = original.send()
        _ = ours.send()
        let (originalBytes, ourBytes) = (
            original.session.statistics.conversation.writtenBytes, ours.session.statistics.conversation.writtenBytes
        )
        #expect(originalBytes >= 480 * 1326 && originalBytes < 520 * 1326)
        #expect(ourBytes >= 32 * 1326 && ourBytes < 40 * 1326)
    }

    @Test func `the original flushes every frame by itself`() throws {
        var original = try Sender(.original, sendWindow: 512)
        var ours = try Sender(.standard, sendWindow: 512)
        let (originalCount, ourCount) = (original.send(), ours.send())
        // 32 segments of both; the original's frames of 4104 bytes take three full ones and a short one each.
        let (originalBytes, ourBytes) = (
            original.session.statistics.session.bytesSent, ours.session.statistics.session.bytesSent
        )
        #expect(ourCount == 32)
        #expect(originalCount == 32 + 9)
        let full = UInt64(1350)
        #expect(ourBytes == 32 * full)
        #expect(originalBytes < 36 * full)
        let numbered = original.session.numberedSegmentCount
        #expect(numbered == 32)
    }
}
