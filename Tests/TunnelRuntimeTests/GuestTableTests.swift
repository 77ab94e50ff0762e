import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct GuestTableTests {
    private static func address(_ number: Int) -> PeerAddress { .ipv4(UInt32(number), port: 1) }

    @Test func `a guest is known until its session is not there any more`() {
        var table = GuestTable()
        #expect(table[Self.address(1)] == nil)
        table.note(Self.address(1), 7)
        table.note(Self.address(1), 8)
        #expect(table[Self.address(1)] == 8)
        table.remove(Self.address(1))
        #expect(table[Self.address(1)] == nil)
    }

    @Test func `it holds no more than so many`() {
        var table = GuestTable()
        for number in 0..<GuestTable.capacity { table.note(Self.address(number), 7) }
        #expect(table[Self.address(0)] == 7)
        table.note(Self.address(GuestTable.capacity), 7)
        #expect(table[Self.address(0)] == nil && table[Self.address(GuestTable.capacity)] == 7)
    }
}
