import PacketPrimitives
import Testing

@testable import RateControl

@Suite struct MessageTrafficTests {
    private static func time(_ milliseconds: Int) -> Instant {
        Instant(milliseconds: UInt64(1000 + milliseconds))
    }

    /// With copies at these times.
    private static func traffic(_ times: some Sequence<Int>) -> MessageTraffic {
        var traffic = MessageTraffic(now: Self.time(0))
        for milliseconds in times { traffic.note(now: Self.time(milliseconds)) }
        return traffic
    }

    @Test func `messages are what comes for a second and goes on`() {
        let times = stride(from: 0, through: 1000, by: 100)
        #expect(!Self.traffic(times.dropLast()).isActive(now: Self.time(999)))
        #expect(Self.traffic(times).isActive(now: Self.time(1000)))
    }

    @Test func `the beginnings and ends of transfers are none`() {
        #expect(!Self.traffic([1, 2, 3, 4, 5, 6, 7, 8, 2010, 2020]).isActive(now: Self.time(2030)))
        #expect(!Self.traffic([1, 2, 3, 4, 1010]).isActive(now: Self.time(1020)))
    }

    @Test func `they are over a second after the last, or when they have become few`() {
        let times = Array(stride(from: 0, through: 1500, by: 100))
        #expect(Self.traffic(times).isActive(now: Self.time(2499)))
        #expect(!Self.traffic(times).isActive(now: Self.time(2500)))
        #expect(!Self.traffic(times + [2600, 3600]).isActive(now: Self.time(3601)))
    }
}
