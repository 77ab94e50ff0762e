import PacketPrimitives

/// Stream bytes between two positions, in one block of memory that grows on demand.
///
/// Positions count all bytes ever appended and stay valid while the ring grows. The capacity is a power of two.
@safe
struct ByteRing: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    /// Bytes of memory held; 0 while nothing was ever appended.
    private(set) var capacity = 0
    /// Position of the oldest byte held.
    private(set) var start: UInt64 = 0
    /// Position behind the newest byte.
    private(set) var end: UInt64 = 0

    /// Empty, without memory.
    init() { unsafe self.base = nil }

    deinit { unsafe self.base?.deallocate() }

    var byteCount: Int { Int(self.end &- self.start) }

    /// Copies `bytes` to the end.
    mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        guard count > 0 else { return }
        if self.byteCount + count > self.capacity { self.resize(to: self.byteCount + count) }
        unsafe bytes.withUnsafeBytes { source in
            unsafe self.forEachPiece(from: self.end, byteCount: count) { memory, offset, pieceCount in
                unsafe memory.copyMemory(from: source.baseAddress.unsafelyUnwrapped + offset, byteCount: pieceCount)
            }
        }
        self.end &+= UInt64(count)
    }

    /// Lets `body` write up to `limit` bytes at the end and say how many it wrote. `nil`, without a call, if the memory
    /// held has no such room in one piece; `append` would make it.
    mutating func appendInPlace(limit: Int, _ body: (inout MutableRawSpan) -> Int) -> Int? {
        guard self.byteCount + limit <= self.capacity else { return nil }
        let offset = Int(self.end & UInt64(self.capacity - 1))
        guard offset + limit <= self.capacity else { return nil }
        let base = unsafe self.base.unsafelyUnwrapped
        var room = unsafe MutableRawSpan(_unsafeStart: base + offset, byteCount: limit)
        let count = body(&room)
        precondition(count >= 0 && count <= limit, "more bytes than there was room for")
        self.end &+= UInt64(count)
        return count
    }

    /// Copies `byteCount` bytes from `position` on to `offset` of `target`.
    @inline(__always)
    func copyBytes(from position: UInt64, byteCount: Int, to target: inout MutableRawSpan, at offset: Int) {
        guard byteCount > 0 else { return }
        precondition(position &- self.start <= UInt64(self.byteCount &- byteCount), "bytes that are not held")
        unsafe self.forEachPiece(from: position, byteCount: byteCount) { memory, done, pieceCount in
            let piece = unsafe RawSpan(_unsafeStart: memory, byteCount: pieceCount)
            target.copyBytes(from: piece, at: offset &+ done)
        }
    }

    /// Forgets everything before `position`.
    @inline(__always)
    mutating func release(to position: UInt64) {
        precondition(position >= self.start && position <= self.end, "bytes that are not held")
        self.start = position
        // An empty ring begins again at the front of its memory, which is still in the cache.
        if self.start == self.end, self.capacity > 0 {
            let mask = UInt64(self.capacity - 1)
            self.start = (self.start &+ mask) & ~mask
            self.end = self.start
        }
    }

    /// Gives the memory back if nothing is held.
    mutating func trim() {
        guard self.byteCount == 0 else { return }
        unsafe self.base?.deallocate()
        unsafe self.base = nil
        self.capacity = 0
    }

    /// Gives back most of the memory that is not in use.
    mutating func shrink() {
        if self.byteCount == 0 {
            self.trim()
        } else if self.capacity >= 4 * max(self.byteCount, 2048) {
            self.resize(to: self.byteCount)
        }
    }

    /// The one or two pieces of memory in which the bytes lie, with their distance from the first byte.
    @inline(__always)
    private func forEachPiece(
        from position: UInt64, byteCount: Int, _ body: (UnsafeMutableRawPointer, Int, Int) -> Void
    ) {
        let base = unsafe self.base.unsafelyUnwrapped
        let offset = Int(position & UInt64(self.capacity - 1))
        let firstCount = min(byteCount, self.capacity - offset)
        unsafe body(base + offset, 0, firstCount)
        if firstCount < byteCount { unsafe body(base, firstCount, byteCount - firstCount) }
    }

    @inline(never)
    private mutating func resize(to byteCount: Int) {
        var capacity = 2048
        while capacity < byteCount { capacity *= 2 }
        let target = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
        let mask = UInt64(capacity - 1)
        let start = self.start
        if self.byteCount > 0 {
            // A piece of the old ring is not longer than the new one, so it wraps at most once in it.
            unsafe self.forEachPiece(from: start, byteCount: self.byteCount) { memory, done, pieceCount in
                let offset = Int((start &+ UInt64(done)) & mask)
                let headCount = min(pieceCount, capacity - offset)
                unsafe (target + offset).copyMemory(from: memory, byteCount: headCount)
                unsafe target.copyMemory(from: memory + headCount, byteCount: pieceCount - headCount)
            }
        }
        unsafe self.base?.deallocate()
        unsafe self.base = target
        self.capacity = capacity
    }
}
