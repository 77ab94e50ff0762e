/// The groups that are alive: the newest and the three before it (protocol 02 §5). Memory is taken when groups
/// come and reused for later ones.
@safe
struct ShardGroupTable: ~Copyable {
    /// By how many groups one may be behind the newest and still be waited for.
    private static let greatestAge = 3
    private static let capacity = 4

    private let numbering: ShardNumbering
    private let groups: UnsafeMutablePointer<ShardGroup>
    private var initializedCount = 0
    /// The newest group that was seen.
    private(set) var newest: UInt32?
    /// Groups that became too old with data packets missing.
    private(set) var incompleteCount: UInt64 = 0

    init(numbering: ShardNumbering) {
        self.numbering = numbering
        unsafe self.groups = .allocate(capacity: Self.capacity)
    }

    deinit {
        unsafe self.groups.deinitialize(count: self.initializedCount)
        unsafe self.groups.deallocate()
    }

    /// How many groups are alive.
    var count: Int {
        (0..<self.initializedCount).reduce(0) { unsafe self.groups[$1].isExpired ? $0 : $0 + 1 }
    }

    /// Bytes of memory held for shards.
    var memoryByteCount: Int {
        (0..<self.initializedCount).reduce(0) { unsafe $0 + self.groups[$1].memoryByteCount }
    }

    /// Lets all groups go: the next packet's group is the newest, whatever its number.
    mutating func removeAll() {
        self.newest = nil
        for index in 0..<self.initializedCount { unsafe (self.groups + index).pointee.isExpired = true }
    }

    /// Where the group is in the table. A group that is new gets a place, and if it is the newest, those that are now
    /// too old lose theirs. `nil`: the group itself is too old.
    mutating func index(of id: UInt32) -> Int? {
        for index in 0..<self.initializedCount where unsafe self.groups[index].id == id {
            if unsafe !self.groups[index].isExpired { return index }
        }
        let age = self.newest.map { self.numbering.age(of: id, newest: $0) } ?? -1
        guard age <= Self.greatestAge else { return nil }
        if age < 0 { self.advance(to: id) }
        return self.place(id)
    }

    /// The places that hold groups, expired ones among them.
    var indices: Range<Int> { 0..<self.initializedCount }

    /// The group at `index`, to be used in place.
    subscript(index: Int) -> ShardGroup {
        _read {
            precondition(index >= 0 && index < self.initializedCount, "no such group")
            yield unsafe self.groups[index]
        }
        _modify {
            precondition(index >= 0 && index < self.initializedCount, "no such group")
            yield unsafe &(self.groups + index).pointee
        }
    }

    private mutating func advance(to newest: UInt32) {
        self.newest = newest
        for index in 0..<self.initializedCount {
            let age = unsafe self.numbering.age(of: self.groups[index].id, newest: newest)
            if age < 0 || age > Self.greatestAge { self.expire(index) }
        }
    }

    private mutating func expire(_ index: Int) {
        if unsafe !self.groups[index].isExpired, unsafe !self.groups[index].isFinished { self.incompleteCount += 1 }
        unsafe (self.groups + index).pointee.isExpired = true
    }

    private mutating func place(_ id: UInt32) -> Int {
        for index in 0..<self.initializedCount where unsafe self.groups[index].isExpired {
            unsafe (self.groups + index).pointee.reset(id: id)
            return index
        }
        // At most four groups are at most three behind the newest, so there is room.
        precondition(self.initializedCount < Self.capacity, "more groups alive than there can be")
        unsafe (self.groups + self.initializedCount).initialize(to: ShardGroup(id: id, numbering: self.numbering))
        self.initializedCount += 1
        return self.initializedCount - 1
    }
}
