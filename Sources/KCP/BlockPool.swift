/// Memory blocks for payload that has to wait, reused last in first out.
@safe
struct BlockPool: ~Copyable {
    /// A payload of one datagram fits.
    static let blockByteCount = 1536
    private var free: [UnsafeMutableRawPointer]

    init() { unsafe self.free = [] }

    deinit { unsafe self.free.forEach { unsafe $0.deallocate() } }

    var freeCount: Int { unsafe self.free.count }

    /// A block for `byteCount` bytes; larger ones than a datagram get memory of their own.
    mutating func take(byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount <= Self.blockByteCount, let block = unsafe self.free.popLast() { return unsafe block }
        return .allocate(byteCount: max(byteCount, Self.blockByteCount), alignment: 64)
    }

    /// Takes back a block that was given for `byteCount` bytes.
    mutating func giveBack(_ block: UnsafeMutableRawPointer, byteCount: Int) {
        if byteCount <= Self.blockByteCount {
            unsafe self.free.append(block)
        } else {
            unsafe block.deallocate()
        }
    }

    /// Frees all but `count` of the free blocks.
    mutating func trim(to count: Int) {
        while unsafe self.free.count > count, let block = unsafe self.free.popLast() { unsafe block.deallocate() }
        if count == 0 { unsafe self.free = [] }
    }
}
