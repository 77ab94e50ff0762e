import CDatagramSyscalls
package import PacketPrimitives

/// What one or several calls have read from a socket: datagrams in a slab, and whose they are.
///
/// Made once per event loop and used again after `removeAll`; no allocation in steady state. It holds what is read in
/// one round of the loop: take everything out before the next.
package struct ReceiveBatch: ~Copyable {
    /// Neighbouring datagrams of the same sender to the same address.
    package struct Message: Hashable, Sendable {
        /// Who sent them; never IPv4-mapped.
        package var source: PeerAddress
        /// The address of this machine that they were sent to, which answers must come from; `nil` if not known.
        package var destination: LocalAddress?
        /// Their entries in the slab.
        package var entries: Range<Int>
    }

    /// How the memory is cut up: for trains of up to 64 KiB, or for single datagrams.
    enum Layout {
        case trains
        case datagrams

        var bufferCount: Int { self == .trains ? 8 : ReceiveBuffers.capacity }
        var bufferByteCount: Int { self == .trains ? 65536 : 2048 }
    }

    /// What became of the datagrams of a message.
    struct Tally {
        var datagrams = 0
        var bytes = 0
        var oversize = 0
        var unplaced = 0
        var malformed = 0
    }

    /// A message that the kernel has put into the slab, not looked into yet.
    struct KernelMessage {
        /// Its bytes in the slab.
        var range: Range<Int>
        /// `nil` if it has none that we know how to write.
        var source: PeerAddress?
        var control: ReceivedControl
        /// It was longer than the memory for it.
        var isTruncated: Bool
    }

    /// In front of the buffers for the kernel: messages that somebody else has read and `append` copies in.
    private static let appendByteCapacity = 65536

    /// The datagrams, at most `PacketSlab.maximumDatagramByteCount` bytes each, never empty.
    package var slab: PacketSlab
    /// The messages, in the order of arrival.
    package private(set) var messages: [Message] = []
    private var buffers = ReceiveBuffers()
    private var layout = Layout.trains
    private var usedBufferCount = 0
    private var appendedByteCount = 0

    package init() {
        let byteCount = Layout.trains.bufferCount * Layout.trains.bufferByteCount
        // A kernel never coalesces more than 64 datagrams, and never lets more than 128 pass as one on loopback.
        let entryCapacity = (Layout.trains.bufferCount + 1) * 128
        self.slab = PacketSlab(byteCapacity: Self.appendByteCapacity + byteCount, entryCapacity: entryCapacity)
        self.messages.reserveCapacity(ReceiveBuffers.capacity)
        self.pointBuffers()
    }

    package var isEmpty: Bool { self.messages.isEmpty }

    /// Makes room for the next round.
    package mutating func removeAll() {
        self.slab.removeAll()
        self.messages.removeAll(keepingCapacity: true)
        self.usedBufferCount = 0
        self.appendedByteCount = 0
    }

    // MARK: Taking messages in

    /// Copies in a message that somebody else has read. `segmentByteCount`: it is a train of datagrams of this length,
    /// the last may be shorter.
    @discardableResult
    mutating func append(
        _ bytes: RawSpan, segmentByteCount: Int?, from source: PeerAddress, to destination: LocalAddress?
    ) -> Tally {
        let offset = self.appendedByteCount
        let byteCount = bytes.byteCount
        guard byteCount > 0 else { return Tally() }
        guard offset + byteCount <= Self.appendByteCapacity else { return Tally(unplaced: 1) }
        let target = unsafe self.slab.baseAddress + offset
        unsafe bytes.withUnsafeBytes {
            unsafe target.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: byteCount)
        }
        self.appendedByteCount += byteCount
        return self.note(offset..<offset + byteCount, segmentByteCount, from: source, to: destination)
    }

    /// Notes the datagrams that lie in the slab at `range`, one behind the other.
    mutating func note(
        _ range: Range<Int>, _ segmentByteCount: Int?, from source: PeerAddress, to destination: LocalAddress?
    ) -> Tally {
        let first = self.slab.count
        var tally = Tally()
        // A segment size of zero would never end; the kernel does not report one.
        let stride = max(1, segmentByteCount ?? range.count)
        var offset = range.lowerBound
        while offset < range.upperBound {
            let byteCount = min(stride, range.upperBound - offset)
            self.placeEntry(offset: offset, byteCount: byteCount, &tally)
            offset += byteCount
        }
        if self.slab.count > first {
            self.noteMessage(from: source.unmapped, to: destination, entries: first..<self.slab.count)
        }
        return tally
    }

    private mutating func placeEntry(offset: Int, byteCount: Int, _ tally: inout Tally) {
        guard byteCount <= PacketSlab.maximumDatagramByteCount else { return tally.oversize += 1 }
        guard self.slab.count < self.slab.capacity else { return tally.unplaced += 1 }
        self.slab.appendEntry(offset: offset, byteCount: byteCount)
        tally.datagrams += 1
        tally.bytes += byteCount
    }

    /// Without coalescing every datagram is a message of the kernel; for the layers above it is one burst all the same.
    private mutating func noteMessage(from source: PeerAddress, to destination: LocalAddress?, entries: Range<Int>) {
        if let last = self.messages.last, last.source == source, last.destination == destination {
            self.messages[self.messages.count - 1].entries = last.entries.lowerBound..<entries.upperBound
        } else {
            self.messages.append(Message(source: source, destination: destination, entries: entries))
        }
    }
}

// MARK: Reading from the kernel

extension ReceiveBatch {
    /// How many more messages the kernel can be given room for. The layout can only change while no buffer is used.
    mutating func freeBufferCount(_ layout: Layout) -> Int {
        if layout != self.layout {
            guard self.usedBufferCount == 0 else { return 0 }
            self.layout = layout
            self.pointBuffers()
        }
        return layout.bufferCount - self.usedBufferCount
    }

    /// The kernel's structs for the next `count` messages, ready to be filled in.
    mutating func prepareBuffers(count: Int) -> UnsafeMutablePointer<datagram_message> {
        precondition(self.usedBufferCount + count <= self.layout.bufferCount, "no more buffers")
        return unsafe self.buffers.prepare(self.usedBufferCount..<self.usedBufferCount + count)
    }

    /// Takes the next message that the kernel has filled in.
    mutating func takeMessage() -> KernelMessage {
        let index = self.usedBufferCount
        self.usedBufferCount += 1
        let start = self.offset(ofBuffer: index)
        let byteCount = min(self.buffers.byteCount(at: index), self.layout.bufferByteCount)
        return KernelMessage(
            range: start..<start + byteCount, source: self.buffers.source(at: index),
            control: self.buffers.control(at: index), isTruncated: self.buffers.isTruncated(at: index))
    }

    /// The bytes of the slab at `range`.
    @_lifetime(borrow self)
    borrowing func bytes(at range: Range<Int>) -> RawSpan {
        precondition(range.lowerBound >= 0 && range.upperBound <= self.slab.byteCapacity, "bytes outside of the slab")
        let start = unsafe UnsafeRawPointer(self.slab.baseAddress + range.lowerBound)
        let span = unsafe RawSpan(_unsafeStart: start, byteCount: range.count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    private func offset(ofBuffer index: Int) -> Int { Self.appendByteCapacity + index * self.layout.bufferByteCount }

    private mutating func pointBuffers() {
        for index in 0..<self.layout.bufferCount {
            let memory = unsafe self.slab.baseAddress + self.offset(ofBuffer: index)
            unsafe self.buffers.setMemory(at: index, memory, byteCount: self.layout.bufferByteCount)
        }
    }
}

extension ReceiveBatch.Tally {
    static func += (left: inout Self, right: Self) {
        left.datagrams += right.datagrams
        left.bytes += right.bytes
        left.oversize += right.oversize
        left.unplaced += right.unplaced
        left.malformed += right.malformed
    }
}
