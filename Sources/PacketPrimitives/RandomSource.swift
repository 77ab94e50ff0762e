/// Where random bytes come from. The protocol half never asks the system itself: programs pass a
/// cryptographic source, tests a seeded one.
package protocol RandomSource: AnyObject {
    /// Fills `bytes` completely.
    func fill(_ bytes: inout MutableRawSpan)
}

extension RandomSource {
    /// A random integer, all bits random.
    package func next<T: FixedWidthInteger & BitwiseCopyable>(as type: T.Type) -> T {
        var value = T.zero
        unsafe withUnsafeMutableBytes(of: &value) { buffer in
            var span = unsafe MutableRawSpan(_unsafeBytes: buffer)
            self.fill(&span)
        }
        return value
    }
}

/// A small seeded generator (SplitMix64) for tests and simulations. Never for nonces of real traffic.
package final class SeededRandomSource: RandomSource, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { self.state = seed }

    package func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(self.state)
    }

    /// A number that looks random, always the same for the same `value`.
    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package func fill(_ bytes: inout MutableRawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            var word = self.next()
            for _ in 0..<min(8, bytes.byteCount - offset) {
                bytes.storeBytes(of: UInt8(truncatingIfNeeded: word), toByteOffset: offset, as: UInt8.self)
                word >>= 8
                offset += 1
            }
        }
    }

    /// A number in 0 ..< 1.
    package func nextUnit() -> Double { Double(self.next() >> 11) * 0x1p-53 }
}
