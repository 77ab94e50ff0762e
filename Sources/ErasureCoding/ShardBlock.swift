import PacketPrimitives

/// Copies of shards in one block of memory, one per row, in the order in which they came.
///
/// Memory is allocated with the first shard and grows with the number and the length of the shards that really
/// come; it is reused after `removeAll`. At most 256 rows of 1536 bytes.
@safe
struct ShardBlock: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>?
    private var rowCapacity = 0
    /// Distance between rows, bytes; a multiple of 64.
    private var stride = 0
    private var byteCounts: [Int] = []
    /// The length of the longest shard.
    private(set) var longest = 0

    init() { unsafe self.base = nil }

    deinit { unsafe self.base?.deallocate() }

    /// Bytes of memory held.
    var memoryByteCount: Int { self.rowCapacity * self.stride }

    /// How many shards there are.
    var count: Int { self.byteCounts.count }

    mutating func removeAll() {
        self.byteCounts.removeAll(keepingCapacity: true)
        self.longest = 0
    }

    /// Forgets the shards and gives the memory back.
    mutating func release() {
        self.removeAll()
        unsafe self.base?.deallocate()
        unsafe self.base = nil
        self.rowCapacity = 0
        self.stride = 0
    }

    /// Appends a copy of `shard`.
    mutating func append(_ shard: RawSpan) {
        let row = unsafe self.appendRow(byteCount: shard.byteCount)
        unsafe shard.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(row).copyMemory(from: start, byteCount: bytes.count)
        }
    }

    /// Appends a row of `byteCount` bytes, whose contents are undefined, and returns where it lies.
    mutating func appendRow(byteCount: Int) -> UnsafeMutablePointer<UInt8> {
        self.reserve(rows: self.count + 1, byteCount: byteCount)
        self.byteCounts.append(byteCount)
        self.longest = max(self.longest, byteCount)
        return unsafe self.pointer(to: self.count - 1)
    }

    /// Fills every shard with zeros up to `byteCount` bytes, at least its length.
    mutating func pad(to byteCount: Int) {
        self.reserve(rows: self.count, byteCount: byteCount)
        for row in 0..<self.count {
            let end = unsafe self.pointer(to: row) + self.byteCounts[row]
            unsafe end.initialize(repeating: 0, count: byteCount - self.byteCounts[row])
        }
    }

    /// Where the shard lies, until the block grows.
    func pointer(to row: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(row >= 0 && row < self.rowCapacity, "no such row")
        return unsafe self.base.unsafelyUnwrapped + row * self.stride
    }

    /// The bytes of the shard.
    @_lifetime(borrow self)
    borrowing func bytes(of row: Int) -> RawSpan {
        let span = unsafe RawSpan(_unsafeStart: self.pointer(to: row), byteCount: self.byteCounts[row])
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Makes room for so many shards of that length; pointers to rows stay good until more is needed.
    mutating func reserve(rows: Int, byteCount: Int) {
        guard rows > self.rowCapacity || byteCount > self.stride else { return }
        self.grow(rows: rows, byteCount: byteCount)
    }

    /// Moves to a larger block. Both sizes at least double, within what a group can need, so it happens a few times.
    @inline(never)
    private mutating func grow(rows: Int, byteCount: Int) {
        let rowCapacity = rows > self.rowCapacity ? max(rows, min(2 * self.rowCapacity, 256)) : self.rowCapacity
        let wanted = max(byteCount, min(2 * self.stride, PacketSlab.slotStride))
        let stride = byteCount > self.stride ? (wanted + 63) / 64 * 64 : self.stride
        let block = UnsafeMutablePointer<UInt8>.allocate(capacity: max(rowCapacity, 1) * stride)
        for row in 0..<self.count {
            unsafe (block + row * stride).initialize(from: self.pointer(to: row), count: self.byteCounts[row])
        }
        unsafe self.base?.deallocate()
        unsafe self.base = block
        self.rowCapacity = rowCapacity
        self.stride = stride
    }
}
