import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct PrefixLimiterTests {
    private static let start = Instant(milliseconds: 1000)

    private static func ipv4(_ address: UInt32, port: UInt16 = 1) -> PeerAddress { .ipv4(address, port: port) }

    @Test func `a network may begin so many sessions at once, and then so many per second`() {
        var limiter = PrefixLimiter()
        for number in 0..<UInt32(PrefixLimiter.burst) {
            let isAllowed = limiter.allows(Self.ipv4(0x0A00_0000 + number % 256), now: Self.start)
            #expect(isAllowed)
        }
        let isRefused = !limiter.allows(Self.ipv4(0x0A00_0001, port: 9), now: Self.start)
        #expect(isRefused)
        let isOtherAllowed = limiter.allows(Self.ipv4(0x0A00_0101), now: Self.start)
        #expect(isOtherAllowed, "the next /24")
        let later = Self.start.advanced(milliseconds: 1000)
        let count = (0..<200).count { _ in limiter.allows(Self.ipv4(0x0A00_0001), now: later) }
        #expect(count == PrefixLimiter.perSecond)
    }

    @Test func `an IPv6 network is a 56`() {
        var limiter = PrefixLimiter()
        func address(_ high: UInt64) -> PeerAddress { PeerAddress(family: .ipv6, high: high, low: 1, port: 1) }
        for number in 0..<UInt64(PrefixLimiter.burst) { _ = limiter.allows(address(number % 256), now: Self.start) }
        let (same, next) = (limiter.allows(address(7), now: Self.start), limiter.allows(address(256), now: Self.start))
        #expect(!same)
        #expect(next)
    }

    @Test func `many networks make room by themselves`() {
        var limiter = PrefixLimiter()
        for number in 0..<UInt32(3 * PrefixLimiter.capacity) {
            let isAllowed = limiter.allows(Self.ipv4(number << 8), now: Self.start)
            #expect(isAllowed)
        }
    }
}
