import ErasureCoding
import PacketPrimitives
import Testing

@Suite struct ReedSolomonCodeArraysTests {
    private static func shards(_ count: Int, byteCount: Int) -> [[UInt8]] {
        let random = SeededRandomSource(seed: UInt64(count * 1000 + byteCount))
        return (0..<count).map { _ in (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    }

    @Test(arguments: [(1, 1, 1), (3, 2, 7), (10, 3, 1350), (17, 5, 64)])
    func `parity is what the pointers give`(dataShards: Int, parityShards: Int, byteCount: Int) throws {
        let data = Self.shards(dataShards, byteCount: byteCount)
        var code = try ReedSolomonCode(dataShards: dataShards, parityShards: parityShards)
        let parity = code.parity(of: data)
        #expect(try parity == computeParity(of: data, parityShards: parityShards))
    }

    @Test(arguments: [[], [0], [0, 3], [1, 4], [3, 4], [0, 1], [2]])
    func `what is lost comes back while enough is left`(lost: [Int]) throws {
        let data = Self.shards(3, byteCount: 100)
        var code = try ReedSolomonCode(dataShards: 3, parityShards: 2)
        var shards: [[UInt8]?] = data + code.parity(of: data)
        for position in lost { shards[position] = nil }
        let rebuilt = code.data(from: shards)
        #expect(rebuilt == data)
    }

    @Test func `too much lost is nil`() throws {
        let data = Self.shards(3, byteCount: 10)
        var code = try ReedSolomonCode(dataShards: 3, parityShards: 2)
        let parity = code.parity(of: data)
        let rebuilt = code.data(from: [data[0], nil, nil, nil, parity[1]])
        #expect(rebuilt == nil)
    }

    @Test func `empty shards are possible`() throws {
        var code = try ReedSolomonCode(dataShards: 2, parityShards: 1)
        let parity = code.parity(of: [[], []])
        #expect(parity == [[]])
        let rebuilt = code.data(from: [nil, [], []])
        #expect(rebuilt == [[], []])
    }

    @Test func `shards of different lengths are our caller's mistake`() async {
        await #expect(processExitsWith: .failure) {
            var code = try ReedSolomonCode(dataShards: 2, parityShards: 1)
            _ = code.parity(of: [[1], [1, 2]])
        }
    }
}
