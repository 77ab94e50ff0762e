import PacketPrimitives
import RateControl

/// One PUSH that has left, whether for the first time or again.
struct TransmissionRecord: RingRecord {
    enum State: UInt8, BitwiseCopyable {
        /// It has arrived, or nothing depends on it any more.
        case settled
        /// Nothing depends on whether it arrives, and nothing has been heard of it: it left in another one's datagram and for
        /// its sake, or its segment has arrived by another.
        case disregarded
        case outstanding
        /// Not acknowledged where it should have been, but the acknowledgement may be what got lost.
        case held
        /// Taken for lost. It may still turn out to have been late.
        case lost
    }

    var stamp = SendStamp()
    /// The segment.
    var number: UInt32 = 0
    /// Of the whole IP datagram for the first segment in it, otherwise of the segment; 0 for one that left for another's
    /// sake, or on another path than the present one.
    var byteCount: UInt16 = 0
    var state = State.settled
}

/// All transmissions whose fate is open, by their tag: a counter that goes out in the `ts` field and comes back in the
/// acknowledgement, so that it is known exactly which transmission arrived. Receivers only echo `ts` (protocol 03 §1).
struct TransmissionLog: ~Copyable {
    private var records = SequenceRing<TransmissionRecord>(capacity: 16)
    /// The oldest tag that may be looked up.
    private(set) var first: UInt32
    /// The next tag.
    private(set) var next: UInt32

    init(firstTag: UInt32) {
        self.first = firstTag
        self.next = firstTag
    }

    var count: Int { self.next.distance(after: self.first) }

    @inline(__always)
    func contains(_ tag: UInt32) -> Bool { tag &- self.first < self.next &- self.first }

    subscript(tag: UInt32) -> TransmissionRecord { self.records[tag] }

    /// Notes a transmission; returns its tag.
    mutating func append(
        _ number: UInt32, byteCount: Int, stamp: SendStamp, state: TransmissionRecord.State = .outstanding
    ) -> UInt32 {
        self.records.reserve(self.count &+ 1, from: self.first, liveCount: self.count)
        let tag = self.next
        self.records[tag] = TransmissionRecord(
            stamp: stamp, number: number, byteCount: UInt16(truncatingIfNeeded: byteCount), state: state)
        self.next &+= 1
        return tag
    }

    mutating func setState(_ state: TransmissionRecord.State, of tag: UInt32) { self.records[tag].state = state }

    /// All that is open was sent on another path.
    mutating func replaceStamps(_ replacement: (SendStamp) -> SendStamp) {
        var tag = self.first
        while tag != self.next {
            self.records[tag].stamp = replacement(self.records[tag].stamp)
            self.records[tag].byteCount = 0
            tag &+= 1
        }
    }

    /// Forgets the oldest transmissions that are settled, or are lost ones of segments before `expected`, which have
    /// arrived some other way.
    mutating func forget(before expected: UInt32) {
        while self.first != self.next {
            let record = self.records[self.first]
            switch record.state {
            case .outstanding: return
            case .lost where !record.number.isBefore(expected), .held where !record.number.isBefore(expected): return
            case .lost, .held, .settled, .disregarded: self.first &+= 1
            }
        }
    }

    /// Bytes of memory held, roughly.
    var memoryByteCount: Int { self.records.capacity * MemoryLayout<TransmissionRecord>.stride }

    /// Gives back most of the memory that is not in use.
    mutating func shrink() { self.records.shrink(from: self.first, liveCount: self.count) }

    /// Gives unused memory back.
    mutating func trim() { self.records.resize(to: self.count, from: self.first, liveCount: self.count) }
}
