/// Memory blocks for payload that has to wait, reused last in first out.
@safe
struct BlockPool: ~Copyable {
    /// A payload of one datagram fits.
    static let blockByteCount = 1536
    private var free: [UnsafeMutableRawPointer]
    /// Bytes of all blocks, those in use and the free ones.
    private(set) var byteCount = 0

    init() { unsafe self.free = [] }

    deinit { unsafe self.free.forEach { unsafe $0.deallocate() } }

    var freeCount: Int { unsafe self.free.count }

    /// A block for `byteCount` bytes; larger ones than a datagram get memory of their own, in place of a free block: there
    /// are never more blocks, free ones included, than were in use at a time.
    mutating func take(byteCount: Int) -> UnsafeMutableRawPointer {
        if let block = unsafe self.free.popLast() {
            if byteCount <= Self.blockByteCount { return unsafe block }
            unsafe self.release(block, byteCount: Self.blockByteCount)
        }
        let size = max(byteCount, Self.blockByteCount)
        self.byteCount += size
        return .allocate(byteCount: size, alignment: 64)
    }

    /// Takes back a block that was given for `byteCount` bytes.
    mutating func giveBack(_ block: UnsafeMutableRawPointer, byteCount: Int) {
        if byteCount <= Self.blockByteCount {
            unsafe self.free.append(block)
        } else {
            unsafe self.release(block, byteCount: byteCount)
        }
    }

    /// Frees all but `count` of the free blocks.
    mutating func trim(to count: Int) {
        while unsafe self.free.count > count, let block = unsafe self.free.popLast() {
            unsafe self.release(block, byteCount: Self.blockByteCount)
        }
        if count == 0 { unsafe self.free = [] }
    }

    private mutating func release(_ block: UnsafeMutableRawPointer, byteCount: Int) {
        self.byteCount -= byteCount
        unsafe block.deallocate()
    }
}
