/// One block of memory that holds a burst of datagrams, and where each of them lies in it.
///
/// A burst is the unit of work of the packet path: every layer takes a slab, goes over its entries and
/// leaves it for the next. An entry is a *view*: the bytes of the datagram that belong to the layer at
/// work. Going out, each layer grows the entry at its front by its own header (`extendFront`); coming in,
/// each layer shrinks it (`dropFront`). No layer moves payload.
///
/// There are two ways to fill it. A sender appends packets to *slots* of `slotStride` bytes with
/// `headroom` bytes free in front for the headers of the layers below. A receiver lets the kernel fill
/// the memory and appends entries wherever the datagrams landed. One use at a time; `removeAll` between.
///
/// The slab owns its memory; nothing may keep a pointer into it beyond the call that got it.
@safe
public struct PacketSlab: ~Copyable {
    /// Where one datagram lies in the slab: the bytes `offset ..< offset + byteCount`.
    public struct Entry: Equatable, Sendable {
        /// The datagram's first byte, counted from the start of the slab.
        public var offset: Int32
        /// 0 marks a datagram that a layer has dropped.
        public var byteCount: Int32

        /// The bytes `offset ..< offset + byteCount`.
        @inlinable
        public init(offset: Int, byteCount: Int) {
            self.offset = Int32(truncatingIfNeeded: offset)
            self.byteCount = Int32(truncatingIfNeeded: byteCount)
        }
    }

    /// The largest UDP payload of the protocol (protocol 01 §7).
    public static let maximumDatagramByteCount = 1500
    /// Distance between two slots, bytes.
    public static let slotStride = 1536
    /// Free bytes in front of a fresh packet: nonce 16, checksum 4 and FEC header 8 fit (protocol 00).
    public static let headroom = 32

    /// The memory, `byteCapacity` bytes, 64-byte aligned, zero at first.
    public let baseAddress: UnsafeMutableRawPointer
    /// How many bytes the slab holds.
    public let byteCapacity: Int
    /// How many entries (and slots) fit.
    public let capacity: Int
    @usableFromInline let entries: UnsafeMutablePointer<Entry>
    /// How many entries there are.
    public private(set) var count = 0
    private var usedSlotCount = 0

    /// A slab to send from: `slotCount` slots.
    public init(slotCount: Int) {
        self.init(byteCapacity: slotCount * Self.slotStride, entryCapacity: slotCount)
    }

    /// A slab to receive into.
    public init(byteCapacity: Int, entryCapacity: Int) {
        precondition(byteCapacity > 0 && byteCapacity <= Int(Int32.max) && entryCapacity > 0)
        unsafe self.baseAddress = .allocate(byteCount: byteCapacity, alignment: 64)
        unsafe self.baseAddress.initializeMemory(as: UInt8.self, repeating: 0, count: byteCapacity)
        unsafe self.entries = .allocate(capacity: entryCapacity)
        self.byteCapacity = byteCapacity
        self.capacity = entryCapacity
    }

    deinit {
        unsafe self.baseAddress.deallocate()
        unsafe self.entries.deallocate()
    }

    /// Whether there is no entry.
    @inlinable public var isEmpty: Bool { self.count == 0 }

    /// How many more slots can be taken.
    public var freeSlotCount: Int { self.capacity - max(self.count, self.usedSlotCount) }

    /// Removes all entries and gives back all slots; the bytes stay as they are.
    public mutating func removeAll() {
        self.count = 0
        self.usedSlotCount = 0
    }

    /// Keeps the first `count` entries.
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count)
        self.count = count
    }

    /// The entry at `index`, in sending or arrival order.
    @inlinable
    public subscript(index: Int) -> Entry {
        get {
            precondition(index >= 0 && index < self.count, "no such entry")
            return unsafe self.entries[index]
        }
        set {
            precondition(index >= 0 && index < self.count, "no such entry")
            precondition(
                newValue.offset >= 0 && newValue.byteCount >= 0
                    && Int(newValue.offset) + Int(newValue.byteCount) <= self.byteCapacity, "entry outside of the slab")
            unsafe self.entries[index] = newValue
        }
    }

    // MARK: Sending side: slots

    /// Takes the next free slot for a packet of `byteCount` bytes and puts its entry at `index`, before those
    /// that are there already (`nil`: at the end). The bytes are whatever the slot held before.
    public mutating func takeSlot(byteCount: Int, at index: Int? = nil) {
        let index = index ?? self.count
        precondition(self.freeSlotCount > 0 && index >= 0 && index <= self.count, "the slab is full")
        precondition(byteCount <= Self.slotStride - Self.headroom, "packet longer than a slot")
        let offset = self.usedSlotCount * Self.slotStride + Self.headroom
        if index < self.count {
            unsafe (self.entries + index + 1).update(from: self.entries + index, count: self.count - index)
        }
        unsafe (self.entries + index).initialize(to: Entry(offset: offset, byteCount: byteCount))
        self.count += 1
        self.usedSlotCount += 1
    }

    /// Appends a copy of the entry `index`, which lies in a slot, in a slot of its own.
    package mutating func appendCopy(of index: Int) {
        let entry = self[index]
        let front = Self.headroom - Int(entry.offset) % Self.slotStride
        self.takeSlot(byteCount: Int(entry.byteCount) - front)
        self.extendFront(at: self.count - 1, by: front)
        unsafe self.pointer(at: self.count - 1).copyMemory(
            from: self.pointer(at: index), byteCount: Int(entry.byteCount))
    }

    /// Gives back the slot that was taken last, whose entry is the last one.
    public mutating func releaseLastSlot() {
        precondition(self.count > 0 && self.usedSlotCount > 0)
        self.count -= 1
        self.usedSlotCount -= 1
    }

    // MARK: Receiving side: datagrams where the kernel put them

    /// Notes a datagram that lies at `offset`.
    public mutating func appendEntry(offset: Int, byteCount: Int) {
        precondition(self.count < self.capacity, "the slab is full")
        precondition(
            offset >= 0 && byteCount >= 0 && offset + byteCount <= self.byteCapacity, "entry outside of the slab")
        unsafe (self.entries + self.count).initialize(to: Entry(offset: offset, byteCount: byteCount))
        self.count += 1
    }

    // MARK: Layers

    /// Grows the entry by `byteCount` bytes at its front, for a header.
    @inlinable
    public mutating func extendFront(at index: Int, by byteCount: Int) {
        let entry = self[index]
        self[index] = Entry(offset: Int(entry.offset) - byteCount, byteCount: Int(entry.byteCount) + byteCount)
    }

    /// Grows the entry by `byteCount` bytes at its end, for a trailer.
    @inlinable
    public mutating func extendBack(at index: Int, by byteCount: Int) {
        let entry = self[index]
        self[index] = Entry(offset: Int(entry.offset), byteCount: Int(entry.byteCount) + byteCount)
    }

    /// Shrinks the entry by a header of `byteCount` bytes. Traps if it is shorter.
    @inlinable
    public mutating func dropFront(at index: Int, by byteCount: Int) {
        let entry = self[index]
        self[index] = Entry(offset: Int(entry.offset) + byteCount, byteCount: Int(entry.byteCount) - byteCount)
    }

    /// Sets the length of the entry, its start unchanged.
    @inlinable
    public mutating func setByteCount(at index: Int, to byteCount: Int) {
        let entry = self[index]
        self[index] = Entry(offset: Int(entry.offset), byteCount: byteCount)
    }

    /// Marks the datagram as dropped: no layer above sees it.
    @inlinable
    public mutating func drop(at index: Int) { self.setByteCount(at: index, to: 0) }

    /// The bytes of the entry at `index`.
    @inlinable
    @_lifetime(borrow self)
    public borrowing func bytes(at index: Int) -> RawSpan {
        let entry = self[index]
        let start = unsafe UnsafeRawPointer(self.baseAddress + Int(entry.offset))
        let span = unsafe RawSpan(_unsafeStart: start, byteCount: Int(entry.byteCount))
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The bytes of the entry at `index`, to be changed in place.
    @inlinable
    @_lifetime(&self)
    public mutating func mutableBytes(at index: Int) -> MutableRawSpan {
        let entry = self[index]
        let start = unsafe self.baseAddress + Int(entry.offset)
        let span = unsafe MutableRawSpan(_unsafeStart: start, byteCount: Int(entry.byteCount))
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Copies `source` to the beginning of the entry at `index`. Traps if it is longer.
    package mutating func copyBytes(from source: RawSpan, at index: Int) {
        var bytes = self.mutableBytes(at: index)
        bytes.copyBytes(from: source)
    }

    /// The memory of the entry at `index`, for a kernel or system call that wants a pointer. It goes on to the
    /// end of the slab: a sender may write behind the entry up to its slot's end.
    @inlinable
    public func pointer(at index: Int) -> UnsafeMutableRawPointer {
        unsafe self.baseAddress + Int(self[index].offset)
    }
}
