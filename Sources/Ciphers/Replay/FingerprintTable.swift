/// Numbers other than 0 that were put in lately. They have to be well mixed.
///
/// They lie in buckets of eight, each of which keeps the last eight that belong there. A bucket is one cache line, and there
/// is nothing to search: that makes it cheaper than a table that keeps a certain count. Of the last quarter of `capacity`
/// all but 0.1 % are there, of the last eighth all but 0.001 % (Poisson: eight more in the same bucket).
@safe
struct FingerprintTable: ~Copyable {
    private static let bucketCapacity = 8

    /// How many it holds; a power of two, and a bucket at least.
    let capacity: Int
    private let slots: UnsafeMutablePointer<UInt64>
    private let bucketMask: Int

    init(capacity: Int) {
        precondition(
            capacity >= Self.bucketCapacity && capacity & (capacity - 1) == 0, "the capacity is a power of two")
        self.capacity = capacity
        self.bucketMask = capacity / Self.bucketCapacity - 1
        let byteCount = capacity * MemoryLayout<UInt64>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        unsafe self.slots = memory.initializeMemory(as: UInt64.self, repeating: 0, count: capacity)
    }

    /// A table twice as large with the same content.
    init(doubling other: borrowing FingerprintTable) {
        self.init(capacity: 2 * other.capacity)
        // The oldest of a bucket are at its end.
        for slot in (0..<other.capacity).reversed() {
            let fingerprint = unsafe other.slots[slot]
            if fingerprint != 0 { _ = self.insert(fingerprint) }
        }
    }

    deinit { unsafe self.slots.deallocate() }

    var byteCount: Int { self.capacity * MemoryLayout<UInt64>.size }

    @inline(__always)
    func contains(_ fingerprint: UInt64) -> Bool {
        unsafe Self.contains(fingerprint, self.bucket(of: fingerprint))
    }

    /// Puts a number in, and the oldest of its bucket goes; `false` if it is there already.
    @inline(__always)
    mutating func insert(_ fingerprint: UInt64) -> Bool {
        let bucket = unsafe self.bucket(of: fingerprint)
        guard unsafe !Self.contains(fingerprint, bucket) else { return false }
        unsafe (bucket + 1).update(from: bucket, count: Self.bucketCapacity - 1)
        unsafe bucket[0] = fingerprint
        return true
    }

    /// Without a branch for each place.
    @inline(__always)
    private static func contains(_ fingerprint: UInt64, _ bucket: UnsafeMutablePointer<UInt64>) -> Bool {
        var matches: UInt64 = 0
        for index in 0..<Self.bucketCapacity { unsafe matches |= bucket[index] == fingerprint ? 1 : 0 }
        return matches != 0
    }

    @inline(__always)
    private func bucket(of fingerprint: UInt64) -> UnsafeMutablePointer<UInt64> {
        unsafe self.slots + (Int(truncatingIfNeeded: fingerprint >> 32) & self.bucketMask) * Self.bucketCapacity
    }
}
