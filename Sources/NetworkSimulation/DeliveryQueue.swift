import PacketPrimitives

/// Datagrams on their way, ordered by time of arrival and, where that is equal, by when they were put in.
///
/// A binary heap of small entries; the bytes lie in buffers that are used again, so that nothing is allocated once
/// there are as many as are ever on their way at a time.
struct DeliveryQueue {
    /// What goes with the bytes.
    struct Parcel: Equatable {
        var tag = 0
        var unseenByteCount = 0
    }

    private struct Entry {
        var arrival: Instant
        var number: UInt64
        var parcel: Parcel
        var buffer: Int

        func isBefore(_ other: Entry) -> Bool { (self.arrival, self.number) < (other.arrival, other.number) }
    }

    private var heap: [Entry] = []
    private var buffers: [[UInt8]] = []
    private var freeBuffers: [Int] = []
    private var nextNumber: UInt64 = 0

    var count: Int { self.heap.count }

    /// When the first datagram arrives.
    var nextArrival: Instant? { self.heap.first?.arrival }

    /// Puts in a copy of the datagram; `alter` may change the copy.
    mutating func insert(_ datagram: RawSpan, _ parcel: Parcel, arrival: Instant, alter: (inout [UInt8]) -> Void) {
        let buffer = self.takeBuffer()
        unsafe datagram.withUnsafeBytes { unsafe self.buffers[buffer].append(contentsOf: $0) }
        alter(&self.buffers[buffer])
        self.heap.append(Entry(arrival: arrival, number: self.nextNumber, parcel: parcel, buffer: buffer))
        self.nextNumber += 1
        self.siftUp(from: self.heap.count - 1)
    }

    /// Takes the first datagram out if it has arrived by `now`.
    mutating func removeFirst<Result>(now: Instant, _ body: (RawSpan, Parcel) -> Result) -> Result? {
        guard let first = self.heap.first, first.arrival <= now else { return nil }
        let last = self.heap.removeLast()
        if !self.heap.isEmpty {
            self.heap[0] = last
            self.siftDown()
        }
        self.freeBuffers.append(first.buffer)
        return unsafe self.buffers[first.buffer].withUnsafeBytes { bytes in
            body(unsafe RawSpan(_unsafeBytes: bytes), first.parcel)
        }
    }

    private mutating func takeBuffer() -> Int {
        guard let buffer = self.freeBuffers.popLast() else {
            self.buffers.append([])
            return self.buffers.count - 1
        }
        self.buffers[buffer].removeAll(keepingCapacity: true)
        return buffer
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.heap[child].isBefore(self.heap[parent]) else { return }
            self.heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < self.heap.count else { return }
            if child + 1 < self.heap.count, self.heap[child + 1].isBefore(self.heap[child]) { child += 1 }
            guard self.heap[child].isBefore(self.heap[parent]) else { return }
            self.heap.swapAt(child, parent)
            parent = child
        }
    }
}
