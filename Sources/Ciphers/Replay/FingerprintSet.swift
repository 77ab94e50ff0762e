/// Numbers other than 0, up to a fixed count, in open addressing. Never more than half full, so that a look takes a step or
/// two. The numbers have to be well mixed.
@safe
struct FingerprintSet: ~Copyable {
    /// How many it holds; a power of two.
    let capacity: Int
    private(set) var count = 0
    private let slots: UnsafeMutablePointer<UInt64>
    private let mask: Int

    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "the capacity is a power of two")
        self.capacity = capacity
        self.mask = 2 * capacity - 1
        unsafe self.slots = .allocate(capacity: 2 * capacity)
        unsafe self.slots.initialize(repeating: 0, count: 2 * capacity)
    }

    deinit { unsafe self.slots.deallocate() }

    var isFull: Bool { self.count == self.capacity }
    var byteCount: Int { 2 * self.capacity * MemoryLayout<UInt64>.size }

    @inline(__always)
    func contains(_ fingerprint: UInt64) -> Bool { unsafe self.slots[self.slot(of: fingerprint)] == fingerprint }

    /// Adds a number; `false` if it is there already. There must be room.
    @inline(__always)
    mutating func insert(_ fingerprint: UInt64) -> Bool {
        let slot = self.slot(of: fingerprint)
        guard unsafe self.slots[slot] != fingerprint else { return false }
        precondition(!self.isFull, "the set is full")
        unsafe self.slots[slot] = fingerprint
        self.count += 1
        return true
    }

    mutating func removeAll() {
        unsafe self.slots.update(repeating: 0, count: 2 * self.capacity)
        self.count = 0
    }

    /// Where the number is, or the free place for it.
    @inline(__always)
    private func slot(of fingerprint: UInt64) -> Int {
        var slot = Int(truncatingIfNeeded: fingerprint >> 40) & self.mask
        while unsafe self.slots[slot] != 0, unsafe self.slots[slot] != fingerprint { slot = (slot + 1) & self.mask }
        return slot
    }
}
