#if os(Linux)
    import Foundation
    import Testing

    /// What strangers can do to a server, over real sockets.
    @Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct AttackTests {
        /// The first datagram of a client with `-crypt null`: data with number 0 that holds a frame which opens a stream.
        private static func beginning(_ conversation: UInt32, payload: [UInt8] = [1, 0, 0, 0, 3, 0, 0, 0]) -> [UInt8] {
            let header: [UInt32] = [conversation, 81 | 0x80 << 16, 5, 0, 0, UInt32(payload.count)]
            return header.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) } + payload
        }

        private static let sourceCount = 20_000
        /// How many packets of sessions that are not there are answered at once.
        private static let disclaimersPerNetwork = 256
        private static let growthKilobytes = 8 << 10

        @Test func `forged sources cost little memory, and clients notice nothing`() async throws {
            let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
            defer { echo.stop() }
            let flags = Tunnel.Flags(both: ["-crypt", "null", "-nocomp", "-ds", "0", "-ps", "0"])
            try await withTunnel(.oursAtBothEnds, flags, target: echo.address.description) { tunnel, client in
                let connection = try EchoConnection(client)
                let calm = try (0..<200).map { _ in try connection.exchange(seconds: 10) }.sorted()
                let before = tunnel.server.residentKilobyteCount ?? 0
                var (sent, received) = (0, 0)
                var times: [Double] = []
                for number in 0..<UInt32(Self.sourceCount) {
                    let source = try ForgedSource(address: 0x7F01_0000 + number &* 89, to: tunnel.serverPort)
                    let bytes = Self.beginning(0x1000_0000 + number)
                    if source.send(bytes) { sent += bytes.count }
                    guard number % 100 == 0 else { continue }
                    times.append(try connection.exchange(seconds: 10))
                    received += source.receivedByteCount()
                    try check(received <= sent, "the answers are larger than the questions")
                }
                let growth = (tunnel.server.residentKilobyteCount ?? 0) - before
                let p99 = (calm[calm.count * 99 / 100], times.sorted()[times.count * 99 / 100])
                print("\(Self.sourceCount) sources: +\(growth) KiB, 99 % of answers within \(p99.0) and \(p99.1) s")
                // A sanitizer's memory would be counted as the server's.
                try check(
                    Program.oursIsSanitized || growth <= Self.growthKilobytes, "the server has grown by \(growth) KiB")
                let log = tunnel.server.standardError
                try check(log.components(separatedBy: "remote address: ").count == 2, "a forged source got a session")
                let lineCount = log.components(separatedBy: "sources begin sessions").count - 1
                try check((1...3).contains(lineCount), "\(lineCount) lines instead of one now and then")
                try EchoConnection(client).exchange(seconds: 10)
            }
        }

        @Test(arguments: ["aes", "aes-128-gcm", "3des", "none"])
        func `clients are served while strangers send junk`(cipher: String) async throws {
            let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
            defer { echo.stop() }
            let flags = Tunnel.Flags(both: ["-crypt", cipher])
            try await withTunnel(.oursAtBothEnds, flags, target: echo.address.description) { tunnel, client in
                let connection = try EchoConnection(client)
                let junk = try ForgedSource(to: tunnel.serverPort)
                for round in 0..<100 {
                    for length in 1...200 {
                        junk.send(Payload.make(seed: UInt64(round * 1000 + length), byteCount: 7 * length))
                    }
                    try connection.exchange(seconds: 10)
                }
                try check(junk.receivedByteCount() == 0, "junk was answered")
                let isTurnedAway = tunnel.server.standardError.contains("floods this port")
                try check(isTurnedAway, "the kernel was not told: \(tunnel.server.standardError)")
            }
        }

        @Test(.enabled(if: ForgedPort.isPermitted, "raw sockets cannot be opened here (this needs root)"))
        func `a client is not turned away for junk that pretends to be its own`() async throws {
            let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
            defer { echo.stop() }
            try await withTunnel(.oursAtBothEnds, target: echo.address.description) { tunnel, client in
                let connection = try EchoConnection(client)
                try connection.exchange(seconds: 10)
                let (junk, port) = (try ForgedPort(), try client.sessionPort())
                for round in 0..<50 {
                    for length in 1...200 {
                        let bytes = Payload.make(seed: UInt64(round * 1000 + length), byteCount: 7 * length)
                        junk.send(bytes, from: port, to: tunnel.serverPort)
                    }
                    try connection.exchange(seconds: 10)
                }
                let log = tunnel.server.standardError
                try check(!log.contains("floods this port"), "the client was turned away")
                try check(log.contains("somebody else uses that address too"), "the junk did not arrive: \(log)")
            }
        }

        // MARK: Slow readers

        private static let slowGrowthKilobytes = 64 << 10

        /// Echoes, but sends without end to those who ask for it.
        @Sendable private static func fillOrEcho(_ connection: StreamSocket) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            guard let count = try? connection.readSome(into: &buffer, limit: buffer.count, Deadline(seconds: 120))
            else {
                return
            }
            guard buffer.prefix(count) == Self.fill[...] else {
                guard (try? connection.write(Array(buffer.prefix(count)), Deadline(seconds: 20))) != nil else { return }
                return EchoConnection.serve(connection)
            }
            let block = [UInt8](repeating: 1, count: 1 << 16)
            while (try? connection.write(block, Deadline(seconds: 60))) != nil {}
        }

        private static let fill = Array("send without end".utf8)

        @Test func `connections that nobody reads take little memory and hold up nobody`() async throws {
            let target = try StreamListener(at: .ipv4(FreePort.take()), handle: Self.fillOrEcho)
            defer { target.stop() }
            // Room for all of them: each keeps its stream's window.
            let flags = Tunnel.Flags(both: ["-smuxbuf", "\(48 << 20)", "-streambuf", "\(2 << 20)"])
            try await withTunnel(.oursAtBothEnds, flags, target: target.address.description) { tunnel, client in
                let connection = try EchoConnection(client)
                try connection.exchange(seconds: 30)
                let processes = [tunnel.server, client.process]
                let before = processes.map { $0.residentKilobyteCount ?? 0 }
                var slow: [StreamSocket] = []
                for _ in 0..<16 {
                    slow.append(try StreamSocket(connectingTo: client.address))
                    try slow.last?.write(Self.fill, Deadline(seconds: 20))
                }
                for _ in 0..<40 {
                    try connection.exchange(seconds: 30)
                    usleep(50_000)
                }
                for (process, kilobytes) in zip(processes, before) {
                    let growth = (process.residentKilobyteCount ?? 0) - kilobytes
                    try check(
                        growth <= Self.slowGrowthKilobytes, "\(process.commandLine[0]) has grown by \(growth) KiB")
                }
            }
        }

        /// Recorded or invented, from the middle or of another kind: no session. The answer says so, and is not longer.
        @Test(arguments: ["none", "null"]) func `the middle of a conversation gets no long answer`(cipher: String)
            async throws
        {
            try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-crypt", cipher])) { tunnel, _ in
                let source = try ForgedSource(to: tunnel.serverPort)
                var late = Self.beginning(7)
                late[12] = 200
                for _ in 0..<1000 { source.send(late) }
                usleep(200_000)
                let limit = (Self.disclaimersPerNetwork + 100) * late.count
                try check(source.receivedByteCount() <= limit, "too much was answered")
            }
        }
    }
#endif
