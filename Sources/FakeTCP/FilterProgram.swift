import PacketPrimitives

/// An instruction of the kernel's classic packet filter, laid out as its `struct sock_filter`.
package struct FilterInstruction: Hashable, Sendable {
    var code: UInt16
    /// How many instructions a jump skips.
    var skipIfTrue: UInt8 = 0
    var skipIfFalse: UInt8 = 0
    var operand: UInt32

    init(_ code: Code, _ operand: UInt32) {
        self.code = code.rawValue
        self.operand = operand
    }

    /// A is the accumulator, X where the segment begins.
    enum Code: UInt16 {
        /// X = the length of the IPv4 header at the start of the packet.
        case loadHeaderLength = 0xB1
        /// X = operand.
        case loadIndex = 0x01
        /// A = the byte, or the two bytes, at X + operand. Outside of the packet: it is dropped.
        case loadByte = 0x50
        case loadHalf = 0x48
        /// A = the four bytes at the operand; there are operands for the network header, whatever the packet begins with.
        case loadWord = 0x20
        /// X = A.
        case moveToIndex = 0x07
        case exclusiveOrIndex = 0xAC
        case multiply = 0x24
        case shiftRight = 0x74
        case remainder = 0x94
        case and = 0x54
        case jumpIfEqual = 0x15
        /// Ends with so many bytes of the packet let through; 0 drops it.
        case end = 0x06
        /// The same with A.
        case endWithAccumulator = 0x16
    }
}

/// A program that decides which packets a socket gets to see, for the kernel to run.
package struct FilterProgram: Hashable, Sendable {
    /// What a socket's packets begin with.
    package enum Start: Hashable, Sendable {
        case ipv4Header
        case segment
    }

    /// A question about a segment.
    enum Condition {
        /// Without the port.
        case sourceAddress(PeerAddress)
        /// Of IP.
        case version(UInt32)
        case sourcePort(UInt16)
        case destinationPort(UInt16)
        /// Exactly these of the flags in `mask` are set.
        case flags(SegmentFlags, mask: SegmentFlags)
        /// What it asks by may be in X afterwards: the last condition.
        case share(FlowShare, PeerAddress.Family)
    }

    /// Never empty; ends in a decision.
    package let instructions: [FilterInstruction]

    /// Lets through the segments that meet all conditions.
    init(_ start: Start, _ conditions: [Condition]) {
        self.instructions =
            [start.instruction] + Self.end(.max, ifAll: conditions) + [FilterInstruction(.end, 0)]
    }

    /// For all the sockets that share a UDP port: says which of them gets a datagram, by the order in which they were bound.
    package init(choosingByHostAmong socketCount: Int) {
        precondition(socketCount > 0, "nobody to choose")
        let versions: [(PeerAddress.Family, UInt32)] = [(.ipv4, 4), (.ipv6, 6)]
        self.instructions =
            versions.flatMap { family, version in
                let choice = FlowShare.hostHash(family, socketCount) + [FilterInstruction(.endWithAccumulator, 0)]
                var question = Condition.version(version).instructions
                question[question.count - 1].skipIfFalse = UInt8(choice.count)
                return question + choice
            } + [FilterInstruction(.end, 0)]
    }

    /// Lets through the segments that meet not all of the conditions of any list.
    init(_ start: Start, noneOf lists: [[Condition]]) {
        self.instructions =
            [start.instruction] + lists.flatMap { Self.end(0, ifAll: $0) } + [FilterInstruction(.end, .max)]
    }

    /// Ends with `verdict` if all conditions are met, and goes on behind that if not.
    private static func end(_ verdict: UInt32, ifAll conditions: [Condition]) -> [FilterInstruction] {
        var instructions = conditions.flatMap(\.instructions)
        let jump = FilterInstruction.Code.jumpIfEqual.rawValue
        for index in instructions.indices where instructions[index].code == jump {
            instructions[index].skipIfFalse = UInt8(instructions.count - index)
        }
        return instructions + [FilterInstruction(.end, verdict)]
    }
}

extension FilterProgram.Start {
    /// Of the server's raw sockets, which begin so.
    var family: PeerAddress.Family { self == .ipv4Header ? .ipv4 : .ipv6 }

    fileprivate var instruction: FilterInstruction {
        switch self {
        case .ipv4Header: FilterInstruction(.loadHeaderLength, 0)
        case .segment: FilterInstruction(.loadIndex, 0)
        }
    }
}

extension FilterProgram.Condition {
    /// The last one is the jump that asks.
    fileprivate var instructions: [FilterInstruction] {
        switch self {
        case .sourceAddress(let address): Self.instructions(for: address)
        case .version(let version):
            [
                FilterInstruction(.loadWord, FilterInstruction.networkHeader),
                FilterInstruction(.shiftRight, 28),
                FilterInstruction(.jumpIfEqual, version),
            ]
        case .sourcePort(let port):
            [FilterInstruction(.loadHalf, 0), FilterInstruction(.jumpIfEqual, UInt32(port))]
        case .destinationPort(let port):
            [FilterInstruction(.loadHalf, 2), FilterInstruction(.jumpIfEqual, UInt32(port))]
        case .flags(let flags, let mask):
            [
                FilterInstruction(.loadByte, 13), FilterInstruction(.and, UInt32(mask.rawValue)),
                FilterInstruction(.jumpIfEqual, UInt32(flags.rawValue)),
            ]
        case .share(let share, let family): share.instructions(family)
        }
    }
}

extension FilterProgram.Condition {
    private static func instructions(for address: PeerAddress) -> [FilterInstruction] {
        let words =
            switch address.family {
            case .ipv4: [UInt32(truncatingIfNeeded: address.high)]
            case .ipv6:
                [address.high >> 32, address.high, address.low >> 32, address.low].map {
                    UInt32(truncatingIfNeeded: $0)
                }
            }
        return zip(FilterInstruction.loadSource(address.family), words).flatMap { load, word in
            [load, FilterInstruction(.jumpIfEqual, word)]
        }
    }
}

extension FilterInstruction {
    /// The kernel's `SKF_NET_OFF`: from here on operands count from the network header.
    fileprivate static let networkHeader: UInt32 = 0xFFF0_0000

    /// A = one word of the source address, and the next one.
    static func loadSource(_ family: PeerAddress.Family) -> [FilterInstruction] {
        let (offset, wordCount): (UInt32, UInt32) = family == .ipv4 ? (12, 1) : (8, 4)
        return (0..<wordCount).map { FilterInstruction(.loadWord, self.networkHeader + offset + 4 * $0) }
    }
}
