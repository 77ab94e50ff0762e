#if os(Linux)
    import CDatagramSyscalls
    import Glibc
    import PacketPrimitives
    import Testing

    @testable import FakeTCP

    /// The kernel is the judge of the programs: it runs them on the messages of a local socket, whatever those are.
    @Suite struct FilterProgramTests {
        /// Whether a socket with `program` gets to see `packet`.
        private static func passes(_ program: FilterProgram, _ packet: [UInt8]) throws -> Bool {
            var pair: [Int32] = [0, 0]
            let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
            defer { pair.forEach { _ = close($0) } }
            let isAttached = program.instructions.withUnsafeBytes { bytes in
                var filter = datagram_filter_program(
                    count: UInt16(program.instructions.count), instructions: bytes.baseAddress)
                let byteCount = socklen_t(MemoryLayout<datagram_filter_program>.size)
                return setsockopt(pair[1], SOL_SOCKET, Int32(DATAGRAM_SO_ATTACH_FILTER), &filter, byteCount) == 0
            }
            try #require(isAttached, "the kernel refuses the program")
            // What the filter drops, the sender is not told about, or it is told EPERM.
            _ = send(pair[0], packet, packet.count, 0)
            var buffer = [UInt8](repeating: 0, count: packet.count + 1)
            return recv(pair[1], &buffer, buffer.count, 0) == packet.count
        }

        private static func packet(
            _ start: FilterProgram.Start, from source: UInt16, to destination: UInt16, _ flags: SegmentFlags,
            optionWordCount: Int = 0
        ) -> [UInt8] {
            let header = SegmentHeader(
                sourcePort: source, destinationPort: destination, sequence: 0x0808_0808, acknowledgement: 0x1818_1818,
                flags: flags)
            var bytes = [UInt8](repeating: 0, count: SegmentHeader.byteCapacity)
            var span = bytes.mutableSpan
            var target = span.mutableBytes
            let address = PeerAddress.ipv4(1, port: 0)
            header.write(to: &target, payload: [UInt8]().span.bytes, PseudoHeader(address, address))
            guard start == .ipv4Header else { return bytes }
            let byteCount = 20 + optionWordCount * 4
            return [0x40 | UInt8(byteCount / 4)] + [UInt8](repeating: 0x18, count: byteCount - 1) + bytes
        }

        private static let starts: [FilterProgram.Start] = [.ipv4Header, .segment]

        @Test(arguments: starts) func `a server sees datagrams to its port`(start: FilterProgram.Start) throws {
            let program = FilterProgram.datagrams(start, to: 29900, share: .all)
            let packet = { Self.packet(start, from: $0, to: $1, $2) }
            #expect(try Self.passes(program, packet(1234, 29900, .datagram)))
            #expect(try Self.passes(program, packet(29900, 29900, .push)))
            #expect(try !Self.passes(program, packet(1234, 29901, .datagram)))
            #expect(try !Self.passes(program, packet(29900, 1234, .datagram)))
            #expect(try !Self.passes(program, packet(1234, 29900, .acknowledge)))
            #expect(try !Self.passes(program, packet(1234, 29900, .synchronize)))
            #expect(try !Self.passes(program, packet(1234, 29900, .reset)))
        }

        @Test(arguments: 0...10) func `options of IP are stepped over`(wordCount: Int) throws {
            let program = FilterProgram.datagrams(.ipv4Header, to: 29900, share: .all)
            let packet = Self.packet(.ipv4Header, from: 1, to: 29900, .datagram, optionWordCount: wordCount)
            #expect(try Self.passes(program, packet))
            #expect(try !Self.passes(program, Array(packet.prefix(20 + wordCount * 4 + 13))))
        }

        @Test(arguments: starts) func `a client sees datagrams of its flow`(start: FilterProgram.Start) throws {
            let program = FilterProgram.datagrams(start, from: 29900, to: 5000)
            let packet = { Self.packet(start, from: $0, to: $1, $2) }
            #expect(try Self.passes(program, packet(29900, 5000, .datagram)))
            #expect(try !Self.passes(program, packet(29901, 5000, .datagram)))
            #expect(try !Self.passes(program, packet(29900, 5001, .datagram)))
            #expect(try !Self.passes(program, packet(29900, 5000, [.reset, .acknowledge])))
        }

        @Test(arguments: starts) func `a client that connects sees the answer`(start: FilterProgram.Start) throws {
            let program = FilterProgram.handshakeAnswers(start, from: 29900)
            let packet = { Self.packet(start, from: $0, to: 77, $1) }
            #expect(try Self.passes(program, packet(29900, .handshakeAnswer)))
            #expect(try !Self.passes(program, packet(29901, .handshakeAnswer)))
            #expect(try !Self.passes(program, packet(29900, .synchronize)))
            #expect(try !Self.passes(program, packet(29900, .datagram)))
        }

        @Test func `the kernel's connections hear everything but datagrams`() throws {
            let packet = { Self.packet(.segment, from: 1, to: 2, $0) }
            for flags: SegmentFlags in [.synchronize, .acknowledge, .reset, [.finish, .acknowledge], []] {
                #expect(try Self.passes(.withoutDatagrams, packet(flags)))
            }
            for flags: SegmentFlags in [.datagram, .push, [.datagram, .synchronize], [.datagram, .finish]] {
                #expect(try !Self.passes(.withoutDatagrams, packet(flags)))
            }
        }

        // MARK: Shares

        @Test(arguments: starts, [1, 2, 3, 8])
        func `every flow belongs to one share, and all shares get some`(start: FilterProgram.Start, count: Int) throws {
            // As Linux picks them: of one parity.
            let ports = stride(from: UInt16(40_000), to: 40_064, by: 2)
            var sizes = [Int](repeating: 0, count: count)
            for port in ports {
                let packet = Self.packet(start, from: port, to: 29900, .datagram)
                let shares = try (0..<count).filter { index in
                    let share = FlowShare(index: index, count: count)
                    return try Self.passes(.datagrams(start, to: 29900, share: share), packet)
                }
                try #require(shares.count == 1)
                sizes[shares[0]] += 1
            }
            #expect(sizes.allSatisfy { $0 >= 32 / count / 2 })
        }

        @Test func `a share that is none is our mistake`() async {
            await #expect(processExitsWith: .failure) { _ = FlowShare(index: 1, count: 1) }
        }
    }
#endif
