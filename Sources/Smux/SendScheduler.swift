/// A queue of slots, threaded through two arrays of links: putting a slot in, taking it out and moving it to the
/// end cost the same however many there are.
struct ReadyList {
    private static let none: Int32 = -1
    private static let absent: Int32 = -2

    private struct Links {
        var previous: Int32
        var next: Int32
    }

    private var links: [Links] = []
    private var head = ReadyList.none
    private var tail = ReadyList.none

    var isEmpty: Bool { self.head == Self.none }

    /// The slot whose turn it is.
    var first: Int? { self.isEmpty ? nil : Int(self.head) }

    func contains(_ slot: Int) -> Bool { self.links[slot].next != Self.absent }

    /// Makes room for slots below `slotCount`.
    mutating func grow(to slotCount: Int) {
        while self.links.count < slotCount {
            self.links.append(Links(previous: Self.none, next: Self.absent))
        }
    }

    /// Puts the slot at the end, or takes it out; a slot that is in already keeps its place.
    mutating func setMembership(of slot: Int, to isMember: Bool) {
        switch (self.contains(slot), isMember) {
        case (false, true): self.append(slot)
        case (true, false): self.remove(slot)
        default: break
        }
    }

    /// Moves the slot, which is in the list, behind all others.
    mutating func moveToEnd(_ slot: Int) {
        guard self.tail != slot else { return }
        self.remove(slot)
        self.append(slot)
    }

    /// Renumbers the slots: `newSlots[old]` is the new number; order is kept.
    mutating func renumber(_ newSlots: [Int32], slotCount: Int) {
        var list = ReadyList()
        list.grow(to: slotCount)
        var slot = self.head
        while slot != Self.none {
            list.append(Int(newSlots[Int(slot)]))
            slot = self.links[Int(slot)].next
        }
        self = list
    }

    private mutating func append(_ slot: Int) {
        self.links[slot] = Links(previous: self.tail, next: Self.none)
        if self.tail == Self.none {
            self.head = Int32(slot)
        } else {
            self.links[Int(self.tail)].next = Int32(slot)
        }
        self.tail = Int32(slot)
    }

    private mutating func remove(_ slot: Int) {
        let old = self.links[slot]
        if old.previous == Self.none { self.head = old.next } else { self.links[Int(old.previous)].next = old.next }
        if old.next == Self.none { self.tail = old.previous } else { self.links[Int(old.next)].previous = old.previous }
        self.links[slot] = Links(previous: Self.none, next: Self.absent)
    }
}

/// Whose turn it is to send. Streams that have nothing to send, or no window for it, are in neither list.
struct SendScheduler {
    /// Streams with a SYN or a window update: they go first, as other traffic waits for them.
    var control = ReadyList()
    /// Streams with payload or a FIN that may go now, served one frame at a time in turn.
    var data = ReadyList()

    mutating func grow(to slotCount: Int) {
        self.control.grow(to: slotCount)
        self.data.grow(to: slotCount)
    }

    mutating func renumber(_ newSlots: [Int32], slotCount: Int) {
        self.control.renumber(newSlots, slotCount: slotCount)
        self.data.renumber(newSlots, slotCount: slotCount)
    }

    /// Takes the slot out of both lists.
    mutating func remove(_ slot: Int) {
        self.control.setMembership(of: slot, to: false)
        self.data.setMembership(of: slot, to: false)
    }

    /// Puts the stream where its state says that it belongs.
    mutating func update(_ slot: Int, for state: borrowing StreamState, isWindowed: Bool) {
        self.control.setMembership(of: slot, to: state.wantsControl)
        self.data.setMembership(of: slot, to: state.wantsData(isWindowed: isWindowed))
    }
}
