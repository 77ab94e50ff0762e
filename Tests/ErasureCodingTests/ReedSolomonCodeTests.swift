import ErasureCoding
import PacketPrimitives
import Testing

/// Computes the parity of shards that all have the same length, in memory at odd addresses if asked to.
func computeParity(of data: [[UInt8]], parityShards: Int, misalignment: Int = 0) throws -> [[UInt8]] {
    var code = try ReedSolomonCode(dataShards: data.count, parityShards: parityShards)
    let byteCount = data[0].count
    let arena = ShardArena(rows: data.count + parityShards, byteCount: byteCount, misalignment: misalignment)
    for (index, shard) in data.enumerated() {
        arena.store(shard, in: index)
        code.setSource(index, to: arena.pointer(to: index))
    }
    for index in 0..<parityShards { code.setTarget(index, to: arena.pointer(to: data.count + index)) }
    code.computeParity(byteCount: byteCount)
    #expect(arena.isIntactAroundRows, "written outside of a shard")
    return (0..<parityShards).map { arena.load(data.count + $0) }
}

/// Rebuilds all data shards from the first D shards that are not `nil`.
func reconstruct(_ shards: [[UInt8]?], parityShards: Int, misalignment: Int = 0) throws -> [[UInt8]] {
    let dataShards = shards.count - parityShards
    var code = try ReedSolomonCode(dataShards: dataShards, parityShards: parityShards)
    let present = shards.indices.filter { shards[$0] != nil }.prefix(dataShards)
    let lost = (0..<dataShards).filter { shards[$0] == nil }
    let byteCount = shards[present[0]]!.count
    let arena = ShardArena(rows: dataShards + lost.count, byteCount: byteCount, misalignment: misalignment)
    for (index, position) in present.enumerated() {
        arena.store(shards[position]!, in: index)
        code.setSource(index, to: arena.pointer(to: index))
    }
    for index in lost.indices { code.setTarget(index, to: arena.pointer(to: dataShards + index)) }
    code.reconstruct(lost.map { UInt8($0) }, from: present.map { UInt8($0) }, byteCount: byteCount)
    #expect(arena.isIntactAroundRows, "written outside of a shard")
    var data = shards.prefix(dataShards).map { $0 ?? [] }
    for (index, position) in lost.enumerated() { data[position] = arena.load(dataShards + index) }
    return data
}

/// Rows of memory at a chosen distance from an aligned address, with untouched bytes between them.
final class ShardArena {
    private static let filler: UInt8 = 0xA5
    private let memory: UnsafeMutablePointer<UInt8>
    private let rows: Int
    private let byteCount: Int
    private let misalignment: Int
    private let stride: Int

    init(rows: Int, byteCount: Int, misalignment: Int) {
        self.rows = rows
        self.byteCount = byteCount
        self.misalignment = misalignment
        self.stride = (byteCount + misalignment + 127) / 64 * 64
        self.memory = UnsafeMutableRawPointer.allocate(byteCount: rows * self.stride, alignment: 64)
            .initializeMemory(as: UInt8.self, repeating: Self.filler, count: rows * self.stride)
    }

    deinit { self.memory.deallocate() }

    func pointer(to row: Int) -> UnsafeMutablePointer<UInt8> { self.memory + row * self.stride + self.misalignment }

    func store(_ shard: [UInt8], in row: Int) {
        shard.withUnsafeBufferPointer { self.pointer(to: row).update(from: $0.baseAddress!, count: $0.count) }
    }

    func load(_ row: Int) -> [UInt8] {
        [UInt8](UnsafeBufferPointer(start: self.pointer(to: row), count: self.byteCount))
    }

    var isIntactAroundRows: Bool {
        (0..<self.rows * self.stride).allSatisfy { index in
            let offset = index % self.stride - self.misalignment
            return (0..<self.byteCount).contains(offset) || self.memory[index] == Self.filler
        }
    }
}

@Suite struct ReedSolomonCodeTests {
    @Test(arguments: 1...100, [0, 1, 7, 30])
    func `ISA-L computes what the plain code computes`(byteCount: Int, misalignment: Int) throws {
        let random = SeededRandomSource(seed: UInt64(byteCount))
        let data = (0..<5).map { _ in random.bytes(byteCount) }
        let rows = PlainReedSolomon.codingMatrix(dataShards: 5, parityShards: 3)
        let parity = try computeParity(of: data, parityShards: 3, misalignment: misalignment)
        #expect(parity == rows[5...].map { PlainReedSolomon.combine($0, of: data) })

        var shards: [[UInt8]?] = data + parity
        for position in [0, 3, 6] { shards[position] = nil }
        #expect(try reconstruct(shards, parityShards: 3, misalignment: misalignment) == data)
    }

    @Test func `shards of no bytes are computed without harm`() throws {
        var code = try ReedSolomonCode(dataShards: 1, parityShards: 1)
        let arena = ShardArena(rows: 2, byteCount: 0, misalignment: 0)
        code.setSource(0, to: arena.pointer(to: 0))
        code.setTarget(0, to: arena.pointer(to: 1))
        code.computeParity(byteCount: 0)
        #expect(arena.isIntactAroundRows)
    }

    @Test(arguments: [3, 1, 5]) func `with one data shard every parity shard is a copy`(parityShards: Int) throws {
        let shard = SeededRandomSource(seed: 1).bytes(77)
        #expect(try computeParity(of: [shard], parityShards: parityShards).allSatisfy { $0 == shard })
    }
}
