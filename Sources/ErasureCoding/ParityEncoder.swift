public import PacketPrimitives

/// Puts the FEC header in front of every outgoing KCP packet and adds parity packets (protocol 02 §4).
///
/// As long as the receiver's counts are not known, packets get the header with number 0 and no parity. Whatever counts a
/// decoder of whatever version works with, 0 is the place of a data packet; it takes the KCP packet out and drops the
/// shard as a repetition of the first, so its group never completes and nothing is ever rebuilt from it.
///
/// A group is D packets in send order. When its last one is in the slab its parity packets follow at once; a group
/// is never completed by a timer. The encoder works on the packets where they lie; only the packets of a group that
/// is unfinished at the end of a burst are copied. An encoder that sends nothing holds almost no memory.
public struct ParityEncoder: ~Copyable {
    /// Bytes that `protect` puts in front of each KCP packet.
    public static let headerByteCount = ShardHeader.byteCount
    /// A group whose last packet comes so many milliseconds after the one before gets no parity: data that slow
    /// is repeated by KCP long before parity could help. The receiver does not depend on it.
    private static let sparseMilliseconds: UInt64 = 500

    /// D, the packets of a group.
    public let dataShards: Int
    /// P, the parity packets that are added to a group.
    public let parityShards: Int
    /// What has been counted so far.
    public private(set) var statistics = Statistics()

    private let numbering: ShardNumbering
    private var code: ReedSolomonCode
    private var nextSequenceNumber: UInt32
    /// Packets of the unfinished group from earlier bursts.
    private var carried = ShardBlock()
    /// How many packets the unfinished group has, those in the slab included.
    private var shardCount = 0
    /// The length of its longest shard.
    private var longest = 0
    private var previousPacketTime: Instant?

    /// Leaves out the parity of the groups that packets now go into; their numbers pass, as the receiver expects.
    public var isSuspended = false
    /// The unfinished group gets no parity.
    private var isGroupBroken = false

    /// Whether packets are put into groups, and these get parity.
    public private(set) var isGrouping = true

    /// An encoder for a receiver whose counts are not known yet: see `startGroups`.
    public init() {
        do { try self.init(dataShards: 1, parityShards: 1) } catch { preconditionFailure("1 + 1 is a code: \(error)") }
        self.isGrouping = false
    }

    /// An encoder whose first packet has the number `firstSequenceNumber`, the first of a group.
    public init(dataShards: Int, parityShards: Int, firstSequenceNumber: UInt32 = 0) throws(ShardCountError) {
        self.code = try ReedSolomonCode(dataShards: dataShards, parityShards: parityShards)
        self.dataShards = dataShards
        self.parityShards = parityShards
        self.numbering = ShardNumbering(dataShards: dataShards, parityShards: parityShards)
        self.nextSequenceNumber = firstSequenceNumber
        precondition(
            firstSequenceNumber < self.numbering.limit && firstSequenceNumber % self.numbering.groupSize == 0,
            "not the first number of a group")
    }

    /// The receiver's counts have become known: what follows goes into groups. The first one, which the packets so far
    /// have been said to belong to, is left out.
    package mutating func startGroups(dataShards: Int, parityShards: Int) throws(ShardCountError) {
        precondition(!self.isGrouping, "the receiver does not expect other groups")
        let statistics = self.statistics
        self = try ParityEncoder(
            dataShards: dataShards, parityShards: parityShards,
            firstSequenceNumber: statistics.dataPackets == 0 ? 0 : UInt32(dataShards + parityShards))
        self.statistics = statistics
    }

    /// Memory held for the packets of an unfinished group, bytes.
    package var memoryByteCount: Int { self.carried.memoryByteCount }

    /// How many packets may be put into a slab with `freeSlots` free slots so that the parity that they complete
    /// still fits. It is at least 1 when there are 1 + P.
    public func packetCapacity(freeSlots: Int) -> Int {
        guard self.isGrouping, !self.isSuspended else { return freeSlots }
        let missing = self.dataShards - self.shardCount
        guard freeSlots >= missing + self.parityShards else { return max(0, min(freeSlots, missing - 1)) }
        let rest = freeSlots - missing - self.parityShards
        let groupSize = self.dataShards + self.parityShards
        return missing + rest / groupSize * self.dataShards + min(rest % groupSize, self.dataShards - 1)
    }

    /// Protects the entries from `first` on, which are KCP packets in send order, each in a slot of its own.
    /// Parity packets become entries right behind the data packet that completed their group.
    ///
    /// The slab must have free slots for them (`packetCapacity`). Bytes behind a packet in its slot are overwritten.
    public mutating func protect(_ slab: inout PacketSlab, from first: Int, now: Instant) {
        guard self.isGrouping else { return self.addHeaders(to: &slab, from: first) }
        var index = first
        while index < slab.count {
            self.addHeader(ShardHeader(sequenceNumber: self.takeNumber(), kind: .data), to: &slab, at: index)
            if self.shardCount == self.dataShards { index += self.finishGroup(in: &slab, last: index, now: now) }
            self.previousPacketTime = now
            index += 1
        }
        if self.isGroupBroken { return }
        for index in slab.count - (self.shardCount - self.carried.count)..<slab.count {
            self.carried.append(slab.bytes(at: index).extracting(droppingFirst: ShardHeader.protectedOffset))
        }
    }

    /// Makes the slab's packets, D in slots of their own, a group with all its parity, whether other groups get parity or not.
    /// The unfinished group, if there is one, stays without. The last `repeatedCount` packets follow once more, under their
    /// numbers, so that they hardly ever get lost.
    ///
    /// The slab must have free slots for P + `repeatedCount` more.
    package mutating func protectGroup(_ slab: inout PacketSlab, repeating repeatedCount: Int, now: Instant) {
        precondition(self.isGrouping && slab.count == self.dataShards, "not a group")
        self.leaveGroup()
        let wasSuspended = self.isSuspended
        self.isSuspended = false
        self.protect(&slab, from: 0, now: now)
        self.isSuspended = wasSuspended
        for index in self.dataShards - repeatedCount..<self.dataShards { slab.appendCopy(of: index) }
    }

    /// What follows goes into the next group.
    private mutating func leaveGroup() {
        guard self.shardCount > 0 else { return }
        let rest = Int(self.numbering.groupSize) - self.shardCount
        self.nextSequenceNumber = self.numbering.advance(self.nextSequenceNumber, by: rest)
        self.statistics.skippedGroups += 1
        self.forgetGroup()
    }

    private mutating func forgetGroup() {
        self.carried.removeAll()
        self.shardCount = 0
        self.longest = 0
        self.isGroupBroken = false
    }

    /// Without groups.
    private mutating func addHeaders(to slab: inout PacketSlab, from first: Int) {
        for index in stride(from: first, to: slab.count, by: 1) {
            self.addHeader(ShardHeader(sequenceNumber: 0, kind: .data), to: &slab, at: index)
        }
    }

    private mutating func addHeader(_ header: ShardHeader, to slab: inout PacketSlab, at index: Int) {
        slab.extendFront(at: index, by: ShardHeader.byteCount)
        var packet = slab.mutableBytes(at: index)
        let shardByteCount = packet.byteCount - ShardHeader.protectedOffset
        header.write(to: &packet)
        packet.storeLittleEndian(UInt16(shardByteCount), at: ShardHeader.protectedOffset)
        self.longest = max(self.longest, shardByteCount)
        if self.isSuspended { self.isGroupBroken = true }
        self.shardCount += 1
        self.statistics.dataPackets += 1
    }

    private mutating func takeNumber() -> UInt32 {
        defer { self.nextSequenceNumber = self.numbering.advance(self.nextSequenceNumber) }
        return self.nextSequenceNumber
    }

    /// Adds the parity packets of the group whose last data packet is the entry `last`, or skips their numbers.
    /// Returns how many were added.
    private mutating func finishGroup(in slab: inout PacketSlab, last: Int, now: Instant) -> Int {
        defer { self.forgetGroup() }
        guard self.isDense(at: now), !self.isGroupBroken else {
            self.nextSequenceNumber = self.numbering.advance(self.nextSequenceNumber, by: self.parityShards)
            self.statistics.skippedGroups += 1
            return 0
        }
        self.gatherSources(in: slab, last: last)
        for row in 0..<self.parityShards { self.addParityPacket(row, to: &slab, at: last + 1 + row) }
        self.code.computeParity(byteCount: self.longest)
        self.statistics.parityPackets += UInt64(self.parityShards)
        self.statistics.protectedGroups += 1
        return self.parityShards
    }

    private func isDense(at now: Instant) -> Bool {
        guard let previous = self.previousPacketTime else { return false }
        return now.microseconds / 1000 < previous.microseconds / 1000 + Self.sparseMilliseconds
    }

    /// Tells the code where the group's data shards lie and pads them to the longest.
    private mutating func gatherSources(in slab: borrowing PacketSlab, last: Int) {
        self.carried.pad(to: self.longest)
        for row in 0..<self.carried.count { unsafe self.code.setSource(row, to: self.carried.pointer(to: row)) }
        let firstEntry = last + 1 - (self.dataShards - self.carried.count)
        for index in firstEntry...last {
            let source = self.carried.count + index - firstEntry
            unsafe self.code.setSource(source, to: self.paddedShard(in: slab, at: index))
        }
    }

    private func paddedShard(in slab: borrowing PacketSlab, at index: Int) -> UnsafeMutablePointer<UInt8> {
        let entry = slab[index]
        let start = Int(entry.offset) + ShardHeader.protectedOffset
        let slotEnd = (start / PacketSlab.slotStride + 1) * PacketSlab.slotStride
        precondition(start + self.longest <= slotEnd, "the shard does not fit into its slot")
        let shard = unsafe (slab.pointer(at: index) + ShardHeader.protectedOffset).assumingMemoryBound(to: UInt8.self)
        let byteCount = Int(entry.byteCount) - ShardHeader.protectedOffset
        unsafe (shard + byteCount).update(repeating: 0, count: self.longest - byteCount)
        return unsafe shard
    }

    private mutating func addParityPacket(_ row: Int, to slab: inout PacketSlab, at index: Int) {
        slab.takeSlot(byteCount: self.longest - ShardHeader.sizeFieldByteCount, at: index)
        slab.extendFront(at: index, by: ShardHeader.byteCount)
        var packet = slab.mutableBytes(at: index)
        ShardHeader(sequenceNumber: self.takeNumber(), kind: .parity).write(to: &packet)
        self.statistics.parityBytes += UInt64(packet.byteCount)
        let shard = unsafe slab.pointer(at: index) + ShardHeader.protectedOffset
        unsafe self.code.setTarget(row, to: shard.assumingMemoryBound(to: UInt8.self))
    }
}
