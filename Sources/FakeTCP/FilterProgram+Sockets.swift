package import PacketPrimitives

// What each of the sockets of a tunnel gets to see.

extension FilterProgram {
    /// A client's UDP socket: what its peer sends.
    package static func datagrams(from peer: PeerAddress) -> FilterProgram {
        FilterProgram(.segment, [.sourceAddress(peer), .sourcePort(peer.port)])
    }

    /// A server's UDP socket: what anybody sends but these.
    package static func datagrams(besides sources: [PeerAddress]) -> FilterProgram {
        FilterProgram(
            .segment,
            noneOf: sources.map(\.unmapped).map { source in
                [.version(source.family == .ipv4 ? 4 : 6), .sourceAddress(source), .sourcePort(source.port)]
            })
    }

    /// A server's raw socket: datagrams to its port.
    package static func datagrams(_ start: Start, to port: UInt16, share: FlowShare) -> FilterProgram {
        FilterProgram(start, [.destinationPort(port), .isDatagram, .share(share, start.family)])
    }

    /// A client's raw socket: datagrams of the one flow.
    package static func datagrams(_ start: Start, from source: UInt16, to destination: UInt16) -> FilterProgram {
        FilterProgram(start, [.sourcePort(source), .destinationPort(destination), .isDatagram])
    }

    /// A client's raw socket while the kernel connects: the server's answer, which has the numbers to go on from.
    package static func handshakeAnswers(_ start: Start, from port: UInt16) -> FilterProgram {
        FilterProgram(start, [.sourcePort(port), .flags(.handshakeAnswer, mask: .handshakeAnswer)])
    }

    /// The kernel's own connections: everything but datagrams, which it would answer with acknowledgements or resets.
    package static let withoutDatagrams = FilterProgram(.segment, [.flags([], mask: .push)])
}

extension FilterProgram.Condition {
    fileprivate static let isDatagram = Self.flags(.push, mask: .push)
}
