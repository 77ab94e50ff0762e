#if os(Linux)
    import Foundation
    import KCP
    import Smux
    import Testing

    /// What somebody who has the key can do to others who have it, over real sockets: nothing but use up their share.
    @Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct HostilePeerTests {
        /// For the sessions that the attacker gets: some hundred at most.
        private static let growthKilobytes = 32 << 10

        /// Runs `attack` beside a client that is served before, during (whenever the argument is called) and after it.
        private func withVictim(
            server flags: [String] = [], _ attack: @escaping @Sendable (Tunnel, () throws -> Void) throws -> Void
        ) async throws {
            let echo = try StreamListener(at: .ipv4(FreePort.take()), handle: EchoConnection.serve)
            defer { echo.stop() }
            let flags = Tunnel.Flags(both: ["-key", HostilePeer.key], server: flags)
            try await withTunnel(.oursAtBothEnds, flags, target: echo.address.description) { tunnel, client in
                let connection = try EchoConnection(client)
                try connection.exchange(seconds: 30)
                let before = tunnel.server.residentKilobyteCount ?? 0
                try attack(tunnel) { try connection.exchange(seconds: 30) }
                try connection.exchange(seconds: 30)
                try EchoConnection(client).exchange(seconds: 30)
                let growth = (tunnel.server.residentKilobyteCount ?? 0) - before
                try check(growth <= Self.growthKilobytes, "the server has grown by \(growth) KiB")
            }
        }

        // MARK: Headers

        private static let numbers: [UInt32] = [0, 1, 63, 1024, 0x7FFF_FFFF, 0x8000_0000, .max]

        @Test func `forged windows and numbers disturb nobody`() async throws {
            try await self.withVictim { tunnel, exchange in
                for (index, expected) in Self.numbers.enumerated() {
                    let peer = try HostilePeer(100 + UInt32(index), to: tunnel.serverPort)
                    peer.begin()
                    for command in [KCP.Command.push, .acknowledge, .askWindow, .tellWindow] {
                        for number in Self.numbers {
                            for window in [UInt16(0), .max] {
                                peer.send(
                                    peer.header(command, window: window, number: number, expected: expected))
                            }
                        }
                    }
                    try exchange()
                }
            }
        }

        @Test func `forged lengths and commands disturb nobody`() async throws {
            try await self.withVictim { tunnel, exchange in
                let peer = try HostilePeer(200, to: tunnel.serverPort)
                peer.begin()
                for byteCount in [1, 23, 24, 1400, 1401, 65536, 0x7FFF_FFFF, 0xFFFF_FFFF] {
                    for command in [UInt8(0), 80, 81, 82, 85, 0xF1, 0xF2, 0xF3, 0xFF] {
                        var header = peer.header(.push, number: 5, payloadByteCount: byteCount)
                        header.command = command
                        header.fragment = 255
                        peer.send(header, [UInt8](repeating: 7, count: 100))
                    }
                    try exchange()
                }
            }
        }

        // MARK: Streams

        private static let badFrames: [[UInt8]] = [
            HostilePeer.frame(version: 9, .push, stream: 3, payloadByteCount: 100),
            HostilePeer.frame(.push, stream: 0xFFFF_FFFF, payloadByteCount: 65535)
                + [UInt8](repeating: 1, count: 65535),
            HostilePeer.frame(.push, stream: 3, payloadByteCount: 65535),
            HostilePeer.frame(.synchronize, stream: 5, payloadByteCount: 65535),
            HostilePeer.frame(.finish, stream: 7) + HostilePeer.frame(.finish, stream: 7),
            HostilePeer.frame(.windowUpdate, stream: 3, payloadByteCount: 8) + [UInt8](repeating: 0xFF, count: 8),
            HostilePeer.frame(.noOperation, stream: 0x5357_4BFF, payloadByteCount: 1),
            [UInt8](repeating: 0xFF, count: 8),
        ]

        @Test(arguments: [UInt8(1), 2]) func `forged frames disturb nobody`(version: UInt8) async throws {
            try await self.withVictim { tunnel, exchange in
                for (index, bytes) in Self.badFrames.enumerated() {
                    let peer = try HostilePeer(300 + UInt32(index), to: tunnel.serverPort)
                    peer.push(HostilePeer.frame(version: version, .synchronize, stream: 3))
                    var bytes = bytes
                    if bytes[0] == 1 { bytes[0] = version }
                    peer.push(bytes)
                    try exchange()
                }
                try Self.waitForComplaint(of: tunnel.server)
            }
        }

        /// The second FIN of a peer that has said that it knows it cuts a stream off, so that its id is free.
        @Test func `streams whose ids are used again disturb nobody`() async throws {
            let introduction = HostilePeer.frame(
                .noOperation, stream: 0x5357_4B00 | Capabilities.all.rawValue)
            let begin = HostilePeer.frame(.synchronize, stream: 3)
            let cutOff = HostilePeer.frame(.finish, stream: 3) + HostilePeer.frame(.finish, stream: 3)
            let payload =
                HostilePeer.frame(.push, stream: 3, payloadByteCount: 100) + [UInt8](repeating: 1, count: 100)
            try await self.withVictim { tunnel, exchange in
                for number in UInt32(700)..<710 {
                    let peer = try HostilePeer(number, to: tunnel.serverPort)
                    peer.push(introduction + begin)
                    // Until the target has taken the connection.
                    usleep(100_000)
                    for _ in 0..<3 { peer.push(payload + cutOff + begin + payload + cutOff + begin) }
                    try exchange()
                }
            }
        }

        private static let bombs: [[UInt8]] = [
            // Four GiB, 64 KiB and a byte, and none at all, in a few bytes.
            HostilePeer.chunk(
                0, announcing: 20, [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F] + [UInt8](repeating: 0, count: 11)),
            HostilePeer.chunk(0, announcing: 10, [0, 0, 0, 0, 0x81, 0x80, 0x04, 0, 0, 0]),
            HostilePeer.chunk(0, announcing: 5, [0, 0, 0, 0, 0]),
            // A chunk of 16 MiB, stored and to be skipped.
            HostilePeer.chunk(1, announcing: 0xFF_FFFF, [UInt8](repeating: 0, count: 2000)),
            HostilePeer.chunk(0x80, announcing: 0xFF_FFFF, [UInt8](repeating: 0, count: 2000)),
        ]

        @Test func `compressed bombs take no memory`() async throws {
            try await self.withVictim { tunnel, exchange in
                for round in 0..<10 {
                    for (index, bomb) in Self.bombs.enumerated() {
                        let peer = try HostilePeer(400 + UInt32(10 * round + index), to: tunnel.serverPort)
                        peer.push(HostilePeer.snappyIdentifier + bomb)
                    }
                    try exchange()
                }
                let zeros = HostilePeer.compressed([UInt8](repeating: 0, count: 65536))
                let peer = try HostilePeer(600, to: tunnel.serverPort)
                peer.push(
                    HostilePeer.snappyIdentifier + HostilePeer.compressed(HostilePeer.frame(.synchronize, stream: 3)))
                for _ in 0..<100 { peer.push(zeros) }
                try exchange()
                try Self.waitForComplaint(of: tunnel.server)
            }
        }

        // MARK: Many

        /// Of one event loop, which has a core: those that have shown no frame yet, and the victim's.
        private static let sessionsPerLoop = 256 + 2

        @Test func `sessions that say nothing are few`() async throws {
            let port = FreePort.take()
            try await self.withVictim(server: ["--metrics", "127.0.0.1:\(port)"]) { tunnel, exchange in
                for number in UInt32(0)..<2000 {
                    let peer = try HostilePeer(10_000 + number, to: tunnel.serverPort)
                    peer.push([1])
                    if number % 200 == 0 { try exchange() }
                }
                let count = try HTTPPage.metric("kcptun_peak_sessions", port: port)
                let limit = Self.sessionsPerLoop * ProcessInfo.processInfo.activeProcessorCount
                try check((100...limit).contains(count), "\(count) sessions at one time")
            }
        }

        private static func waitForComplaint(of server: ChildProcess) throws {
            let isSaid = waitUntil(Deadline(seconds: 30)) { server.standardError.contains("session closed: ") }
            try check(isSaid, "the server has not noticed")
        }
    }
#endif
