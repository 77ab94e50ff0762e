/// The code on shards in arrays, for whoever can afford the copies. A packet path sets pointers instead.
extension ReedSolomonCode {
    /// The parity shards of all data shards, which have one length.
    public mutating func parity(of data: [[UInt8]]) -> [[UInt8]] {
        precondition(data.count == self.matrix.dataShards, "as many shards as the code has data shards")
        let byteCount = Self.commonByteCount(of: data)
        guard byteCount > 0 else { return Array(repeating: [], count: self.matrix.parityShards) }
        var block = ShardBlock()
        self.setSources(data, in: &block, targetCount: self.matrix.parityShards)
        self.computeParity(byteCount: byteCount)
        return block.arrays(from: data.count)
    }

    /// The data shards, some of which may be lost: `shards` has all shards by position, data before parity, with `nil`
    /// for the lost ones. The result is `nil` if fewer are left than there are data shards.
    public mutating func data(from shards: [[UInt8]?]) -> [[UInt8]]? {
        let dataShards = self.matrix.dataShards
        precondition(shards.count == dataShards + self.matrix.parityShards, "a shard or nil for each position")
        let lost = (0..<dataShards).filter { shards[$0] == nil }
        let points = shards.indices.filter { shards[$0] != nil }.prefix(dataShards)
        guard points.count == dataShards else { return nil }
        let sources = points.compactMap { shards[$0] }
        let byteCount = Self.commonByteCount(of: sources)
        var data = shards.prefix(dataShards).map { $0 ?? [] }
        guard !lost.isEmpty, byteCount > 0 else { return data }
        var block = ShardBlock()
        self.setSources(sources, in: &block, targetCount: lost.count)
        self.reconstruct(lost.map { UInt8($0) }, from: points.map { UInt8($0) }, byteCount: byteCount)
        for (position, shard) in zip(lost, block.arrays(from: dataShards)) { data[position] = shard }
        return data
    }

    private static func commonByteCount(of shards: [[UInt8]]) -> Int {
        let byteCount = shards[0].count
        precondition(shards.allSatisfy { $0.count == byteCount }, "shards of one length")
        return byteCount
    }

    /// Copies the sources into the block, with room for the targets behind them.
    private mutating func setSources(_ sources: [[UInt8]], in block: inout ShardBlock, targetCount: Int) {
        let byteCount = sources[0].count
        block.reserve(rows: sources.count + targetCount, byteCount: byteCount)
        for (index, source) in sources.enumerated() {
            unsafe block.append(source.span.bytes)
            unsafe self.setSource(index, to: block.pointer(to: index))
        }
        for index in 0..<targetCount { unsafe self.setTarget(index, to: block.appendRow(byteCount: byteCount)) }
    }
}

extension ShardBlock {
    /// Copies of the rows from `first` on.
    fileprivate borrowing func arrays(from first: Int) -> [[UInt8]] {
        var arrays: [[UInt8]] = []
        for row in first..<self.count {
            unsafe self.bytes(of: row).withUnsafeBytes { bytes in unsafe arrays.append(Array(bytes)) }
        }
        return arrays
    }
}
