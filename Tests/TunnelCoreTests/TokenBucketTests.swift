import PacketPrimitives
import Testing
import TunnelCore

struct TokenBucketTests {
    @Test func `a fresh bucket lets one burst through at once`() {
        var bucket = TokenBucket(bytesPerSecond: 1000, now: Instant(milliseconds: 0))
        #expect(bucket.allowance(now: Instant(milliseconds: 0)) == TokenBucket.rateLimitBurstByteCount)
        #expect(bucket.nextAllowance == nil)
    }

    @Test func `an overdrawn bucket says when it may be used again`() throws {
        var bucket = TokenBucket(bytesPerSecond: 1000, now: Instant(milliseconds: 0))
        bucket.spend(TokenBucket.rateLimitBurstByteCount + 500)
        #expect(bucket.allowance(now: Instant(milliseconds: 0)) == 0)
        let next = try #require(bucket.nextAllowance)
        #expect(next > Instant(milliseconds: 500) && next <= Instant(milliseconds: 501))
        #expect(bucket.allowance(now: next) > 0)
    }

    @Test(arguments: [1, 1000, 1_000_000, 1_000_000_000])
    func `the long-term rate is the configured one`(bytesPerSecond: Int) {
        var bucket = TokenBucket(bytesPerSecond: bytesPerSecond, now: Instant(milliseconds: 0))
        bucket.spend(TokenBucket.rateLimitBurstByteCount)
        var sent = 0
        for millisecond in 1...20_000 {
            let now = Instant(milliseconds: UInt64(millisecond))
            while bucket.allowance(now: now) > 0, sent < bytesPerSecond * 30 {
                bucket.spend(1350)
                sent += 1350
            }
        }
        let expected = bytesPerSecond * 20
        #expect(sent >= min(expected, 1350) && sent <= expected + 1350)
    }

    @Test(arguments: [1_000_000, 10_000_000_000_000, .max])
    func `a long pause earns no more than one burst`(bytesPerSecond: Int) {
        var bucket = TokenBucket(bytesPerSecond: bytesPerSecond, now: Instant(milliseconds: 0))
        bucket.spend(2 * TokenBucket.rateLimitBurstByteCount)
        // Long enough for each rate, and short enough to be in doubt for the highest.
        _ = bucket.allowance(now: Instant(microseconds: 1))
        _ = bucket.allowance(now: Instant(milliseconds: 1000))
        #expect(bucket.allowance(now: Instant(milliseconds: 1 << 40)) == TokenBucket.rateLimitBurstByteCount)
    }
}
