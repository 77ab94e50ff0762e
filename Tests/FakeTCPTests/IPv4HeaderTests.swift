import FakeTCP
import PacketPrimitives
import Testing

@Suite struct IPv4HeaderTests {
    @Test func `addresses and length are read`() throws {
        let header = try #require(IPv4Header(bytes: KnownPackets.firstDatagram))
        #expect(header.source == .ipv4(0x0A07_0001, port: 0))
        #expect(header.destination == .ipv4(0x0A07_0002, port: 0))
        #expect(header.byteCount == 20)
    }

    @Test func `options make it longer`() {
        var packet = KnownPackets.firstDatagram
        packet[0] = 0x4F
        #expect(IPv4Header(bytes: packet)?.byteCount == 60)
    }

    @Test(arguments: [0x44, 0x65, 0x05, 0xFF]) func `a wrong version or length is refused`(first: UInt8) {
        var packet = KnownPackets.firstDatagram
        packet[0] = first
        #expect(IPv4Header(bytes: packet) == nil)
    }

    @Test(arguments: 0..<20) func `a cut header is none`(byteCount: Int) {
        #expect(IPv4Header(bytes: Array(KnownPackets.firstDatagram.prefix(byteCount))) == nil)
    }

    @Test func `options that are cut are refused`() {
        var packet = Array(KnownPackets.firstDatagram.prefix(59))
        packet[0] = 0x4F
        #expect(IPv4Header(bytes: packet) == nil)
    }
}
