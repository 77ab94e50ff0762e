import PacketPrimitives
import Testing

@testable import Smux

@Suite struct MultiplexerFuzzTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func `random bytes never trap`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        let endpoint = try Endpoint(.server, version: Int(1 + seed % 2))
        for _ in 0..<5000 where endpoint.failure == nil {
            var bytes = (0..<Int(random.next() % 64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if !bytes.isEmpty { bytes[0] = UInt8(1 + seed % 2) }
            endpoint.receive(bytes)
            _ = endpoint.pollAll()
        }
        #expect(endpoint.failure != nil)
    }

    /// Well-formed frames with random fields, while the application does random things.
    @Test(arguments: 1...40 as ClosedRange<UInt64>) func `senseless frames never trap`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        let version = UInt8(1 + seed % 2)
        let endpoint = Endpoint(
            seed % 4 < 2 ? .server : .client,
            configuration: try Configuration(version: Int(version), maximumStreamCount: 6))
        for _ in 0..<2000 {
            let bytes = self.randomFrame(version: version, random: random)
            let cut = Int(random.next() % UInt64(bytes.count + 1))
            endpoint.receive(bytes[..<cut])
            self.act(on: endpoint, random: random)
            endpoint.receive(bytes[cut...])
            while random.next() % 3 != 0, endpoint.poll(maximumByteCount: Int(random.next() % 9000)) != nil {}
        }
        #expect(endpoint.failure == nil)
        #expect(endpoint.multiplexer.streamCount <= 6 + Int(endpoint.multiplexer.statistics.openedStreamCount))
    }

    private func randomFrame(version: UInt8, random: SeededRandomSource) -> [UInt8] {
        let stream = UInt32(random.next() % 12)
        switch random.next() % 12 {
        case 0...2: return frame(version, .synchronize, stream)
        case 3, 4: return frame(version, .finish, stream)
        case 5 where version == 2: return windowUpdate(stream, consumed: 0, window: random.next(as: UInt32.self))
        case 6: return frame(version, .noOperation, random.next() % 2 == 0 ? stream : 0x5357_4B00 | stream)
        default:
            return frame(version, .push, stream, [UInt8](repeating: 1, count: Int(random.next() % 300)))
        }
    }

    private func act(on endpoint: Endpoint, random: SeededRandomSource) {
        let id = StreamID(rawValue: UInt32(random.next() % 12))
        switch random.next() % 8 {
        case 0: _ = endpoint.multiplexer.streamCount < 6 ? endpoint.multiplexer.openStream() : nil
        case 1 where endpoint.application.held[id, default: 0] > 0: endpoint.consume(id)
        case 2: endpoint.abandon(id)
        case 3:
            endpoint.multiplexer.stopReading(id)
            endpoint.application.held[id] = nil
        default: break
        }
    }
}
