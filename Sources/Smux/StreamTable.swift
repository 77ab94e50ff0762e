/// The streams of a session, in slots that are used again, and the way from an id to its slot.
///
/// Memory follows the number of streams down as well as up: when three quarters of the slots are free, the rest
/// move together.
struct StreamTable {
    /// Tables this small are left as they are.
    private static let minimumSlotCount = 64

    private var slots: [StreamState] = []
    private var freeSlots: [Int32] = []
    private var slotsByID: [StreamID: Int32] = [:]
    /// Frames of a stream come in runs: the last answer spares most look-ups.
    private var lastID: StreamID?
    private var lastSlot = 0

    var count: Int { self.slotsByID.count }
    /// How many slots there are, used or not.
    var slotCount: Int { self.slots.count }

    subscript(slot: Int) -> StreamState {
        _read { yield self.slots[slot] }
        _modify { yield &self.slots[slot] }
    }

    mutating func slot(of id: StreamID) -> Int? {
        if id == self.lastID { return self.lastSlot }
        guard let slot = self.slotsByID[id] else { return nil }
        self.lastID = id
        self.lastSlot = Int(slot)
        return self.lastSlot
    }

    /// Puts a stream in whose id is not in the table.
    mutating func insert(_ state: StreamState) -> Int {
        let slot: Int
        if let free = self.freeSlots.popLast() {
            slot = Int(free)
            self.slots[slot] = state
        } else {
            slot = self.slots.count
            self.slots.append(state)
        }
        let previous = self.slotsByID.updateValue(Int32(slot), forKey: state.id)
        precondition(previous == nil, "the stream is in the table")
        return slot
    }

    mutating func remove(_ slot: Int) {
        self.slotsByID[self.slots[slot].id] = nil
        self.freeSlots.append(Int32(slot))
        self.lastID = nil
    }

    /// Moves the streams together if most slots are free. Returns the new number of each old slot, or `nil` if
    /// nothing moved.
    mutating func compact() -> [Int32]? {
        guard self.slots.count > Self.minimumSlotCount, self.count * 4 < self.slots.count else { return nil }
        var newSlots = [Int32](repeating: -1, count: self.slots.count)
        var compacted = StreamTable()
        compacted.slots.reserveCapacity(self.count * 2)
        for (_, slot) in self.slotsByID {
            newSlots[Int(slot)] = Int32(compacted.insert(self.slots[Int(slot)]))
        }
        self = compacted
        return newSlots
    }
}
