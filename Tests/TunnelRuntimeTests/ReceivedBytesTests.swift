import NIOCore
import Testing

@testable import TunnelRuntime

@Suite struct ReceivedBytesTests {
    private static func append(_ bytes: [UInt8], to received: inout ReceivedBytes, pieces: Int) {
        for piece in stride(from: 0, to: bytes.count, by: pieces) {
            received.append(Array(bytes[piece..<min(piece + pieces, bytes.count)]).span.bytes)
        }
    }

    private static func bytes(of burst: ReceivedBytes) -> [UInt8] {
        (burst.full + [burst.last]).flatMap { Array($0.readableBytesView) }
    }

    @Test(arguments: [1, 1300, 262_144, 262_145, 1_000_000], [1300, 65_536])
    func `a burst comes out as it went in, in pieces of limited size`(byteCount: Int, pieces: Int) {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
        var received = ReceivedBytes()
        for _ in 0..<2 {
            Self.append(bytes, to: &received, pieces: pieces)
            #expect(received.byteCount == byteCount)
            let burst = received.takeBurst()
            #expect(Self.bytes(of: burst) == bytes)
            #expect((burst.full + [burst.last]).allSatisfy { $0.capacity <= 262_144 })
            #expect(received.isEmpty && burst.byteCount == byteCount)
        }
    }

    @Test func `the next burst finds room for as much as the last had`() {
        var received = ReceivedBytes()
        Self.append([UInt8](repeating: 1, count: 50_000), to: &received, pieces: 1000)
        _ = received.takeBurst()
        received.append([UInt8](repeating: 1, count: 10).span.bytes)
        #expect(received.last.capacity >= 50_000)
    }

    @Test func `what waits for nothing holds no memory`() {
        var received = ReceivedBytes()
        Self.append([UInt8](repeating: 1, count: 700_000), to: &received, pieces: 1000)
        _ = received.takeBurst()
        #expect(received.full.isEmpty && received.last.capacity == 0)
    }
}
