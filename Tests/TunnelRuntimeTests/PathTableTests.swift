import PacketPrimitives
import RateControl
import Testing

@testable import TunnelRuntime

@Suite struct PathTableTests {
    private static func peer(_ low: UInt64, port: UInt16 = 1) -> PeerAddress {
        PeerAddress(family: .ipv6, high: 0, low: low, port: port)
    }

    private static func make() -> PathController {
        PathController(datagramByteCount: 1378, now: Instant(milliseconds: 1000))
    }

    @Test func `one host has one controller, whatever its ports`() {
        let table = PathTable()
        let first = table.controller(for: Self.peer(1, port: 1), make: Self.make)
        #expect(table.controller(for: Self.peer(1, port: 2), make: Self.make) === first)
        #expect(table.controller(for: Self.peer(2, port: 1), make: Self.make) !== first)
    }

    @Test func `a host without sessions is forgotten`() {
        let table = PathTable()
        table.controller(for: Self.peer(1), make: Self.make)?.reorderWindow = 7
        #expect(table.controller(for: Self.peer(1), make: Self.make)?.reorderWindow == 0)
    }

    @Test func `hosts that need none get none`() {
        #expect(PathTable().controller(for: Self.peer(1)) { nil } == nil)
    }

    @Test func `many hosts leave nothing behind`() {
        let table = PathTable()
        let kept = table.controller(for: Self.peer(0), make: Self.make)
        for host in 1...100 { _ = table.controller(for: Self.peer(UInt64(host)), make: Self.make) }
        #expect(table.controller(for: Self.peer(0), make: Self.make) === kept)
        #expect(table.count < 40)
    }
}
