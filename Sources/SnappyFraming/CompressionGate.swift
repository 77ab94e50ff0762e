/// Decides which chunks are worth an attempt to compress.
///
/// As long as attempts succeed now and then, every chunk is tried. After four misses in a row a long chunk is first
/// judged by a sample of 1 KiB from its middle (a fifth of the cost of an 8 KiB attempt), and every sixteenth is
/// tried anyway, for repetitions that a sample cannot show. One success restores the trust: compressible traffic is
/// noticed with its first chunk, or within sixteen at worst.
struct CompressionGate {
    enum Verdict: Equatable {
        case attempt
        case attemptIfSampleShrinks
        case skip
    }

    /// Below this length the block could only be longer than its content.
    static let minimumByteCount = 18
    /// Up to this length an attempt costs hardly more than a sample.
    static let samplingByteCount = 2048
    static let sampleByteCount = 1024
    private static let patience = 4
    private static let retryPeriod = 16

    private var missCount = 0

    func verdict(byteCount: Int) -> Verdict {
        guard byteCount >= Self.minimumByteCount else { return .skip }
        guard byteCount > Self.samplingByteCount, self.missCount >= Self.patience else { return .attempt }
        return self.missCount % Self.retryPeriod == 0 ? .attempt : .attemptIfSampleShrinks
    }

    mutating func noteHit() { self.missCount = 0 }

    mutating func noteMiss() { self.missCount &+= 1 }

    /// Whether compression saves enough to be used: an eighth (protocol 05 §1).
    static func pays(compressedByteCount: Int, byteCount: Int) -> Bool {
        compressedByteCount < byteCount - byteCount / 8
    }
}
