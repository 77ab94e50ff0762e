/// The bytes of one run, taken off the front. Behind the end everything is zero, so every input means something.
package struct FuzzInput {
    private let bytes: [UInt8]
    private var offset = 0

    /// A chunk is as long as a datagram at most.
    private static let chunkLimit = 1501

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all has been taken.
    package var isEmpty: Bool { self.offset == self.bytes.count }

    package mutating func byte() -> UInt8 {
        guard !self.isEmpty else { return 0 }
        defer { self.offset += 1 }
        return self.bytes[self.offset]
    }

    package mutating func flag() -> Bool { self.byte() & 1 != 0 }

    /// Two bytes, the lower one first.
    package mutating func short() -> UInt16 {
        let low = UInt16(self.byte())
        return low | UInt16(self.byte()) << 8
    }

    /// Four bytes, the lowest one first.
    package mutating func word() -> UInt32 {
        let low = UInt32(self.short())
        return low | UInt32(self.short()) << 16
    }

    /// From 0 to `limit - 1`.
    package mutating func number(below limit: Int) -> Int {
        limit <= 256 ? Int(self.byte()) % limit : Int(self.short()) % limit
    }

    /// One of the elements.
    package mutating func element<Element>(of elements: [Element]) -> Element {
        elements[self.number(below: elements.count)]
    }

    /// Bytes with their number, two bytes, in front.
    package mutating func chunk() -> [UInt8] { self.take(Int(self.short()) % Self.chunkLimit) }

    /// Up to so many bytes.
    package mutating func take(_ count: Int) -> [UInt8] {
        let end = min(self.offset + count, self.bytes.count)
        defer { self.offset = end }
        return Array(self.bytes[self.offset..<end])
    }

    /// All that is left.
    package mutating func rest() -> [UInt8] { self.take(self.bytes.count) }
}

/// Writes what a `FuzzInput` reads.
package struct FuzzSeed {
    package private(set) var bytes: [UInt8]

    package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    package mutating func append(_ bytes: UInt8...) { self.bytes += bytes }

    package mutating func append(contentsOf bytes: some Sequence<UInt8>) { self.bytes += bytes }

    /// Four bytes, the lowest one first.
    package mutating func append(word: UInt32) {
        self.bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
    }

    /// Bytes with their number in front.
    package mutating func append(chunk: [UInt8]) {
        self.append(UInt8(truncatingIfNeeded: chunk.count), UInt8(truncatingIfNeeded: chunk.count >> 8))
        self.bytes += chunk
    }
}

extension FuzzSeed {
    /// Bytes without a meaning that differ from place to place, the same each time for the same `step`.
    package static func pattern(_ byteCount: Int, step: Int, behind front: [UInt8] = []) -> [UInt8] {
        front + (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* step) }
    }
}
