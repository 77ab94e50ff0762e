import ErasureCoding
import PacketPrimitives
import Testing

@Suite struct ShardHeaderTests {
    @Test(arguments: [(0xF1, ShardKind.data), (0xF2, .parity), (0xF3, .outOfBand)] as [(UInt8, ShardKind)])
    func `a packet's kind is the number at offset 4`(byte: UInt8, kind: ShardKind) {
        #expect(([9, 9, 9, 9, byte, 0] as [UInt8]).shardKind == kind)
        #expect(([9, 9, 9, 9, byte, 1] as [UInt8]).shardKind == nil)
    }

    @Test(arguments: 0x51...0x54 as ClosedRange<UInt8>) func `a bare KCP packet has no kind`(command: UInt8) {
        #expect((0...255).allSatisfy { ([0, 0, 0, 0, command, UInt8($0), 0, 0] as [UInt8]).shardKind == nil })
    }

    @Test(arguments: 0...5) func `a short packet has no kind`(byteCount: Int) {
        #expect([UInt8](repeating: 0xF1, count: byteCount).shardKind == nil)
    }

    @Test func `a header is read back as it was written`() {
        var packet = [UInt8](repeating: 0xAA, count: 9)
        let header = ShardHeader(sequenceNumber: 0x0102_0304, kind: .parity)
        var span = packet.mutableSpan
        var bytes = span.mutableBytes
        header.write(to: &bytes)
        #expect(packet == [4, 3, 2, 1, 0xF2, 0, 0xAA, 0xAA, 0xAA])
        #expect(packet.shardHeader == header)
        #expect(Array(packet[..<7]).shardHeader == nil)
    }
}
