import PacketPrimitives
import Testing

@testable import NetworkSimulation

@Suite struct StreamContentTests {
    private static func bytes(_ content: StreamContent, _ range: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var span = bytes.mutableSpan
        var payload = span.mutableBytes
        content.fill(&payload, from: range.lowerBound)
        return bytes
    }

    private static func matches(_ content: StreamContent, _ bytes: [UInt8], from offset: Int) -> Bool {
        content.matches(bytes.span.bytes, from: offset)
    }

    @Test(arguments: [true, false]) func `any place can be begun at`(isCompressible: Bool) {
        let content = StreamContent(stream: 3, role: 0, isCompressible: isCompressible)
        let all = Self.bytes(content, 0..<500)
        for range in [0..<1, 7..<8, 8..<16, 3..<300, 191..<193, 499..<500] {
            #expect(Self.bytes(content, range) == Array(all[range]))
            #expect(Self.matches(content, Array(all[range]), from: range.lowerBound))
        }
    }

    @Test func `every wrong byte is found`() {
        let content = StreamContent(stream: 3, role: 1, isCompressible: false)
        let right = Self.bytes(content, 5..<45)
        for index in right.indices {
            var wrong = right
            wrong[index] ^= 0x80
            #expect(!Self.matches(content, wrong, from: 5))
        }
        #expect(!Self.matches(content, right, from: 6))
    }

    @Test func `streams and directions differ`() {
        let contents = [(1, 0), (1, 1), (2, 0)].map { StreamContent(stream: $0.0, role: $0.1, isCompressible: false) }
        #expect(Set(contents.map { Self.bytes($0, 0..<32) }).count == 3)
    }
}
