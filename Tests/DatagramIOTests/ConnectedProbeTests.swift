import DatagramIO
import Foundation
import PacketPrimitives
import Testing

@Suite struct ConnectedProbeTests {
    @Test(arguments: PeerAddress.usableFamilies) func `it sends from where the way begins`(family: PeerAddress.Family)
        throws
    {
        let server = try DatagramSocket.bind(to: .loopback(family))
        defer { server.close() }
        let probe = try ConnectedProbe(server.localAddress)
        #expect(probe.localAddress?.host == server.localAddress.host)
        probe.ask()
        #expect(probe.refusal() == nil)
    }

    @Test(arguments: PeerAddress.usableFamilies) func `it hears that nobody is there, once`(family: PeerAddress.Family)
        throws
    {
        let absent = try DatagramSocket.bind(to: .loopback(family))
        absent.close()
        let probe = try ConnectedProbe(absent.localAddress)
        var refusal: Int32?
        for _ in 0..<1000 where refusal == nil {
            probe.ask()
            usleep(10_000)
            refusal = probe.refusal()
        }
        #expect(refusal == ECONNREFUSED)
    }
}
