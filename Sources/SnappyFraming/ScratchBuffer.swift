/// Memory for one chunk at a time: nothing at first, grown to what the traffic needs, used again and again.
@safe
struct ScratchBuffer: ~Copyable {
    private(set) var byteCapacity = 0
    private var start: UnsafeMutableRawPointer?

    init() { unsafe self.start = nil }

    deinit { unsafe self.start?.deallocate() }

    /// Makes room for `byteCapacity` bytes; the first `keeping` of what is there stay.
    mutating func reserve(_ byteCapacity: Int, keeping byteCount: Int = 0) {
        guard byteCapacity > self.byteCapacity else { return }
        let rounded = (byteCapacity + 255) & ~255
        let grown = UnsafeMutableRawPointer.allocate(byteCount: rounded, alignment: 64)
        if let start = unsafe self.start {
            unsafe grown.copyMemory(from: start, byteCount: byteCount)
            unsafe start.deallocate()
        }
        unsafe self.start = grown
        self.byteCapacity = rounded
    }

    /// Gives the memory back.
    mutating func release() {
        unsafe self.start?.deallocate()
        unsafe self.start = nil
        self.byteCapacity = 0
    }

    /// The bytes in `range`, to be read.
    @_lifetime(borrow self)
    borrowing func bytes(in range: Range<Int>) -> RawSpan {
        precondition(range.lowerBound >= 0 && range.upperBound <= self.byteCapacity, "outside of the buffer")
        guard let start = unsafe self.start else { return RawSpan() }
        let span = unsafe RawSpan(_unsafeStart: start + range.lowerBound, byteCount: range.count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The bytes in `range`, to be written.
    @_lifetime(&self)
    mutating func mutableBytes(in range: Range<Int>) -> MutableRawSpan {
        precondition(range.lowerBound >= 0 && range.upperBound <= self.byteCapacity, "outside of the buffer")
        guard let start = unsafe self.start else { return MutableRawSpan() }
        let span = unsafe MutableRawSpan(_unsafeStart: start + range.lowerBound, byteCount: range.count)
        return unsafe _overrideLifetime(span, mutating: &self)
    }
}
