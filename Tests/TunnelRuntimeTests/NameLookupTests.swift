import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct NameLookupTests {
    private static func four(_ number: UInt32) -> PeerAddress { .ipv4(number, port: 0) }
    private static func six(_ number: UInt64) -> PeerAddress {
        PeerAddress(family: .ipv6, high: 1, low: number, port: 0)
    }

    @Test(
        arguments: [
            ([], []), ([four(1)], [four(1)]), ([four(2), four(1)], [four(2), four(1)]),
            ([six(1), six(2), six(3), four(1)], [six(1), four(1), six(2), six(3)]),
            ([four(1), six(1), six(2), six(3)], [four(1), six(1), six(2), six(3)]),
            ([six(1), six(2), four(1), four(2)], [six(1), four(1), six(2), four(2)]),
            ([four(9), six(1), four(1), six(2)], [four(9), six(1), four(1), six(2)]),
        ] as [([PeerAddress], [PeerAddress])])
    func `families take turns, and each keeps its order`(addresses: [PeerAddress], order: [PeerAddress]) {
        #expect(addresses.inTurnByFamily == order)
    }

    @Test func `the system knows this machine, each address once and without a port`() throws {
        let addresses = try NameLookup.system.addresses("localhost")
        #expect(!addresses.isEmpty && Set(addresses).count == addresses.count)
        #expect(addresses.allSatisfy { $0.port == 0 && ["127.0.0.1", "::1"].contains($0.host) })
    }

    @Test func `a name that nobody has is told as such`() throws {
        let error = try #require(throws: AddressError.self) { try NameLookup.system.addresses("no such name") }
        #expect(error.description.hasPrefix("the name cannot be resolved ("))
    }
}
