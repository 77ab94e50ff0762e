/// How sequence numbers fall into groups (protocol 02 §3): each group takes D + P numbers, data first.
struct ShardNumbering: Equatable {
    let dataShards: Int
    let groupSize: UInt32
    /// Numbers are below this, a multiple of the group size; then they start again at 0. Go's name for it is `paws`.
    let limit: UInt32

    init(dataShards: Int, parityShards: Int) {
        self.dataShards = dataShards
        self.groupSize = UInt32(dataShards + parityShards)
        self.limit = UInt32.max / self.groupSize * self.groupSize
    }

    func group(of sequenceNumber: UInt32) -> UInt32 { sequenceNumber / self.groupSize }

    func position(of sequenceNumber: UInt32) -> Int { Int(sequenceNumber % self.groupSize) }

    func kind(at position: Int) -> ShardKind { position < self.dataShards ? .data : .parity }

    /// The number `count` (up to a group) after `sequenceNumber`.
    func advance(_ sequenceNumber: UInt32, by count: Int = 1) -> UInt32 {
        UInt32((UInt64(sequenceNumber) + UInt64(count)) % UInt64(self.limit))
    }

    /// By how many groups `group` is behind `newest`; negative if it is ahead. Groups are compared by the signed
    /// difference of their first sequence numbers, as the numbers wrap around.
    func age(of group: UInt32, newest: UInt32) -> Int {
        let difference = Int32(bitPattern: newest &* self.groupSize &- group &* self.groupSize)
        return Int(difference) / Int(self.groupSize)
    }
}
