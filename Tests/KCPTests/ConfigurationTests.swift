import KCP
import Testing

@Suite struct ConfigurationTests {
    private func configuration(
        mtu: Int = 1322, interval: Int = 10, resend: Int = 2, sendWindow: Int = 128, receiveWindow: Int = 128
    ) -> Configuration {
        Configuration(
            mtu: mtu, noDelay: true, intervalMilliseconds: interval, fastResend: resend, congestionControl: false,
            sendWindow: sendWindow, receiveWindow: receiveWindow)
    }

    @Test(arguments: [(9, 10), (10, 10), (5000, 5000), (5001, 5000), (-1, 10)])
    func `the interval is clamped as the original does`(given: Int, taken: Int) {
        #expect(self.configuration(interval: given).intervalMilliseconds == taken)
    }

    @Test(arguments: [(0, 50), (50, 50), (1500, 1500), (1501, 1500)])
    func `the mtu stays inside of a datagram`(given: Int, taken: Int) {
        #expect(self.configuration(mtu: given).mtu == taken)
    }

    @Test(arguments: [(65535, 65535), (65536, 65535), (0, 1), (-5, 1)])
    func `the receive window fits the header's 16 bits`(given: Int, taken: Int) {
        #expect(self.configuration(receiveWindow: given).receiveWindow == taken)
        #expect(self.configuration(sendWindow: given).sendWindow == taken)
    }

    @Test func `a negative fast resend is off`() {
        #expect(self.configuration(resend: -1).fastResend == 0)
    }

    @Test func `a full segment is the mtu without the header`() {
        #expect(self.configuration().maximumSegmentByteCount == 1298)
    }

    @Test func `a profile gives the timing`() throws {
        let profile = try #require(Profile.named("fast2"))
        let configuration = Configuration(profile: profile, mtu: 1322, sendWindow: 128, receiveWindow: 512)
        #expect(configuration.noDelay && configuration.intervalMilliseconds == 20 && configuration.fastResend == 2)
        #expect(!configuration.congestionControl && !configuration.acknowledgeImmediately)
    }
}
