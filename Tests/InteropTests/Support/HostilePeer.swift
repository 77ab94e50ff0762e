#if os(Linux)
    import Ciphers
    import Foundation
    import KCP
    import PacketPrimitives
    import Smux
    import SnappyFraming

    /// A client that has the key and means no good: it gets the envelope right and says what it likes.
    final class HostilePeer {
        static let key = "a key that the attacker has"

        private let source: ForgedSource
        private let envelope: any PacketEnvelope
        private let conversation: UInt32
        private var number: UInt32 = 0

        init(_ conversation: UInt32, to port: UInt16, cipher: CipherSuite = .aes) throws {
            self.conversation = conversation
            self.source = try ForgedSource(to: port)
            self.envelope = cipher.makeEnvelope(
                key: KeyDerivation.derive(from: Self.key),
                nonces: NonceGenerator(seededBy: SeededRandomSource(seed: UInt64(conversation))))
        }

        /// A segment with any header.
        func send(_ header: SegmentHeader, _ payload: [UInt8] = []) {
            var slab = PacketSlab(slotCount: 1)
            slab.takeSlot(byteCount: SegmentHeader.byteCount + payload.count)
            var bytes = slab.mutableBytes(at: 0)
            header.write(to: &bytes, at: 0)
            bytes.copyBytes(from: payload.span.bytes, at: SegmentHeader.byteCount)
            self.envelope.seal(&slab, from: 0)
            self.source.send([UInt8](copying: slab.bytes(at: 0)))
        }

        func header(
            _ command: KCP.Command, window: UInt16 = 128, number: UInt32, expected: UInt32 = 0,
            payloadByteCount: Int = 0
        ) -> SegmentHeader {
            SegmentHeader(
                conversation: self.conversation, command: command, window: window, time: 1, number: number,
                expected: expected, payloadByteCount: payloadByteCount)
        }

        /// The next bytes of the stream, in segments of the usual length.
        func push(_ stream: [UInt8]) {
            for start in stride(from: 0, to: stream.count, by: 1200) {
                let piece = Array(stream[start..<min(start + 1200, stream.count)])
                self.send(self.header(.push, number: self.number, payloadByteCount: piece.count), piece)
                self.number += 1
                if self.number % 16 == 0 { usleep(1000) }
            }
        }

        /// Opens a stream as a client of smux 1 without compression does.
        func begin() { self.push(Self.frame(.synchronize, stream: 3)) }

        static func frame(
            version: UInt8 = 1, _ command: Frame.Command, stream: UInt32, payloadByteCount: Int = 0
        ) -> [UInt8] {
            let frame = Frame(
                version: version, command: command, payloadByteCount: payloadByteCount,
                stream: StreamID(rawValue: stream))
            return withUnsafeBytes(of: frame.word.littleEndian, Array.init)
        }

        /// A chunk of the snappy framing format with any type and length.
        static func chunk(_ type: UInt8, announcing byteCount: Int, _ body: [UInt8]) -> [UInt8] {
            [type] + (0..<3).map { UInt8(truncatingIfNeeded: byteCount >> (8 * $0)) } + body
        }

        static let snappyIdentifier = chunk(0xFF, announcing: 6, Array("sNaPpY".utf8))

        /// What the encoder makes of this, without the identifier: a chunk that is right in every way.
        static func compressed(_ bytes: [UInt8]) -> [UInt8] {
            var encoder = FrameEncoder()
            var stream: [UInt8] = []
            encoder.encode(bytes.span.bytes) { stream += [UInt8](copying: $0) }
            return Array(stream.dropFirst(snappyIdentifier.count))
        }
    }
#endif
