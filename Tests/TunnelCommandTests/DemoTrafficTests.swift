import ErasureCoding
import KCP
import NetworkSimulation
import Testing
import TunnelCore
import TunnelRuntime

@testable import TunnelCommand

@Suite struct DemoTrafficTests {
    @Test func `what was counted before is taken off`() {
        #expect(DemoTraffic.sample - DemoTraffic() == .sample)
        #expect(DemoTraffic.sample - .sample == DemoTraffic())
    }

    @Test func `each end gives its own counters`() {
        var (sender, receiver, link) = (HostStatistics(), HostStatistics(), LinkStatistics())
        sender.sessions.conversation.retransmittedSegments = 1
        sender.sessions.conversation.timeouts = 2
        receiver.sessions.conversation.repeatedSegments = 3
        receiver.sessions.parityDecoder.recoveredPackets = 4
        link.sentDatagrams = 100
        link.sentBytes = 5000
        link[.chance] = 5
        link[.fullQueue] = 6
        let traffic = DemoTraffic(sender: sender, receiver: receiver, link: link)
        #expect(traffic.retransmittedSegments == 1 && traffic.timedOutSegments == 2)
        #expect(traffic.repeatedSegments == 3 && traffic.recoveredPackets == 4)
        #expect(traffic.lostDatagrams == 5 && traffic.overflowedDatagrams == 6)
        #expect(traffic.datagrams == 100 && traffic.wireBytes == 5000)
        #expect(traffic.lossPercent == 11)
    }

    @Test func `nothing sent is nothing lost`() {
        #expect(DemoTraffic().lossPercent == 0)
    }
}
