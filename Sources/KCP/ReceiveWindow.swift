import PacketPrimitives

/// The receiving half: payload that the application has not taken, in order (the ready queue) or not.
///
/// The ready queue is `readyStart ..< next` and holds at most `limit` segments; behind it up to `limit` numbers wait
/// for the ones before them.
@safe
struct ReceiveWindow: ~Copyable {
    @safe
    private struct Slot: RingRecord {
        /// `nil` for an empty segment.
        var block: UnsafeMutableRawPointer?
        var byteCount: Int32 = 0
        var isStored = false

        init() { unsafe self.block = nil }
    }

    /// What became of a PUSH.
    enum Insertion { case taken, repeated }

    private var slots: SequenceRing<Slot>
    private var pool = BlockPool()
    /// The oldest segment of the ready queue.
    private var readyStart: UInt32
    /// The next segment that is missing (`rcv_nxt`).
    private(set) var next: UInt32
    /// Segments held, ready or not.
    private var storedCount = 0
    /// Segments that the ready queue holds, and that may wait behind it.
    private(set) var limit: Int

    init(initialNumber: UInt32, limit: Int) {
        self.slots = SequenceRing(capacity: 16)
        self.readyStart = initialNumber
        self.next = initialNumber
        self.limit = limit
    }

    deinit {
        for offset in 0..<UInt32(self.slots.capacity) {
            if let block = unsafe self.slots[offset].block { unsafe block.deallocate() }
        }
    }

    /// Length of the ready queue.
    var readyCount: Int { self.next.distance(after: self.readyStart) }
    /// Segments that wait for one before them.
    var waitingCount: Int { self.storedCount - self.readyCount }
    /// Free segments of the window: what the `wnd` field says.
    var free: UInt16 { UInt16(truncatingIfNeeded: max(self.limit - self.readyCount, 0)) }

    /// Whether a PUSH with this number is acknowledged: everything before the end of the window.
    @inline(__always)
    func isBeforeEnd(_ number: UInt32) -> Bool { number.distance(after: self.next) < self.limit }

    /// Takes a segment inside the window. While the ready queue is empty, payload in order goes to `deliver`.
    @inline(__always)
    mutating func insert(_ number: UInt32, _ payload: RawSpan, deliver: (RawSpan) -> Bool) -> Insertion {
        if number.isBefore(self.next) || self.isStored(number) { return .repeated }
        if number == self.next, self.readyCount == 0, payload.byteCount == 0 || deliver(payload) {
            self.next &+= 1
            self.readyStart = self.next
            if self.storedCount > 0 { self.deliverWaiting(deliver) }
        } else {
            self.store(number, payload)
            self.fillReady()
        }
        return .taken
    }

    /// Hands out the oldest ready segment; `false` if there is none or it was not taken.
    mutating func readSegment(deliver: (RawSpan) -> Bool) -> Bool {
        guard self.readyCount > 0, self.offer(self.readyStart, deliver) else { return false }
        self.readyStart &+= 1
        self.fillReady()
        return true
    }

    /// Bytes of memory held.
    var memoryByteCount: Int { self.pool.byteCount + self.slots.capacity * MemoryLayout<Slot>.stride }

    /// Bytes of memory that `trim` could give back, roughly.
    var spareByteCount: Int { self.storedCount == 0 ? self.memoryByteCount : 0 }

    /// What is there already stays, even if it is more.
    mutating func setLimit(_ limit: Int) {
        self.limit = limit
        self.fillReady()
    }

    /// Gives back the memory of segments that have been taken.
    mutating func releaseSpareBlocks() { self.pool.trim(to: 0) }

    /// Gives memory back that an idle conversation does not need.
    mutating func trim() {
        guard self.storedCount == 0 else { return }
        self.pool.trim(to: 0)
        self.slots.resize(to: 0, from: self.readyStart, liveCount: 0)
    }

    // MARK: Slots

    @inline(__always)
    private func isStored(_ number: UInt32) -> Bool {
        self.storedCount > 0 && number.distance(after: self.readyStart) < self.slots.capacity
            && self.slots[number].isStored
    }

    private mutating func store(_ number: UInt32, _ payload: RawSpan) {
        let neededCount = number.distance(after: self.readyStart) + 1
        self.slots.reserve(neededCount, from: self.readyStart, liveCount: self.slots.capacity)
        var slot = Slot()
        slot.byteCount = Int32(truncatingIfNeeded: payload.byteCount)
        slot.isStored = true
        if payload.byteCount > 0 {
            let block = unsafe self.pool.take(byteCount: payload.byteCount)
            unsafe payload.withUnsafeBytes { source in
                unsafe block.copyMemory(from: source.baseAddress.unsafelyUnwrapped, byteCount: source.count)
            }
            unsafe slot.block = block
        }
        self.slots[number] = slot
        self.storedCount += 1
    }

    /// Moves what is in order now to the ready queue, as far as that has room.
    private mutating func fillReady() {
        while self.readyCount < self.limit, self.isStored(self.next) { self.next &+= 1 }
    }

    private mutating func deliverWaiting(_ deliver: (RawSpan) -> Bool) {
        while self.isStored(self.next), self.offer(self.next, deliver) {
            self.next &+= 1
            self.readyStart = self.next
        }
        self.fillReady()
    }

    /// Offers a stored segment and frees its slot if it is taken. An empty one needs nobody to take it.
    private mutating func offer(_ number: UInt32, _ deliver: (RawSpan) -> Bool) -> Bool {
        let slot = self.slots[number]
        if let block = unsafe slot.block {
            let byteCount = Int(slot.byteCount)
            guard deliver(unsafe RawSpan(_unsafeStart: block, byteCount: byteCount)) else { return false }
            unsafe self.pool.giveBack(block, byteCount: byteCount)
        }
        self.slots[number] = Slot()
        self.storedCount -= 1
        return true
    }
}
