import PacketPrimitives

/// By what the flows of a port are divided between several sockets.
package enum FlowDivision: Hashable, Sendable {
    /// Those of a host too.
    case byFlow
    /// All flows of a host go to the same socket.
    case byHost
}

/// The part of a port's flows that one of several raw sockets takes. Every flow belongs to exactly one part.
package struct FlowShare: Hashable, Sendable {
    package var index: Int
    package var count: Int
    package var division: FlowDivision

    package init(index: Int, count: Int, _ division: FlowDivision = .byFlow) {
        precondition(index >= 0 && index < count, "no such part")
        self.index = index
        self.count = count
        self.division = division
    }

    package static let all = FlowShare(index: 0, count: 1)

    /// The last one is the jump that asks.
    func instructions(_ family: PeerAddress.Family) -> [FilterInstruction] {
        guard self.count > 1 else { return [] }
        let number =
            switch self.division {
            case .byFlow: Self.portHash(self.count)
            case .byHost: Self.hostHash(family, self.count)
            }
        return number + [FilterInstruction(.jumpIfEqual, UInt32(self.index))]
    }

    /// A = a number below `count`, by the peer's port. Its last bit says nothing: Linux prefers ports of the same parity
    /// for connections.
    private static func portHash(_ count: Int) -> [FilterInstruction] {
        [
            FilterInstruction(.loadHalf, 0), FilterInstruction(.shiftRight, 1),
            FilterInstruction(.remainder, UInt32(count)),
        ]
    }

    /// A = a number below `count`, by the peer's address.
    static func hostHash(_ family: PeerAddress.Family, _ count: Int) -> [FilterInstruction] {
        let folded = FilterInstruction.loadSource(family).enumerated().flatMap { index, load in
            index == 0
                ? [load] : [FilterInstruction(.moveToIndex, 0), load, FilterInstruction(.exclusiveOrIndex, 0)]
        }
        // Neighbours differ in the last bits; multiplied by 2³² divided by the golden ratio they differ in the first.
        return folded + [
            FilterInstruction(.multiply, 0x9E37_79B1), FilterInstruction(.shiftRight, 16),
            FilterInstruction(.remainder, UInt32(count)),
        ]
    }
}
