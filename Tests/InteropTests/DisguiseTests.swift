#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    /// `-tcp`: datagrams that look like TCP segments, between two machines.
    @Suite(.enabled(if: TwoMachines.obstacle == nil, "\(TwoMachines.obstacle ?? "")")) struct DisguiseTests {
        private static let flags = Tunnel.Flags(both: ["-smuxver", "1", "-tcp"])
        private static let exchanges = [
            Exchange(byteCount: 4 << 20), Exchange(byteCount: 1), Exchange(byteCount: 300_000),
        ]

        /// Runs `body` with a tunnel between two machines, on a thread that is on the client's.
        /// `prefix`: what stands in front of the programs' command lines.
        private static func withTunnel(
            _ pair: Pair, _ flags: Tunnel.Flags = Self.flags, over network: TwoMachines.Network = .ipv4,
            prefix: [String] = [],
            _ body: @escaping @Sendable (TwoMachines, Tunnel, TunnelClient) throws -> Void
        ) async throws {
            let machines = try TwoMachines()
            // A socket in the file system is on both machines.
            let path = FileManager.default.temporaryDirectory.appending(path: "k\(UInt32.random(in: 0 ... .max)).sock")
            let target = try Target(at: .unix(path.path(percentEncoded: false)))
            defer {
                target.stop()
                try? FileManager.default.removeItem(at: path)
            }
            do {
                try await InteropTests.withTunnel(
                    pair, flags, target: "\(target.address)", host: network.rawValue,
                    placement: machines.placement(prefix)
                ) { tunnel, client in
                    try machines.visit(.client) { try body(machines, tunnel, client) }
                }
            } catch {
                try? machines.remove()
                throw error
            }
            try machines.remove()
        }

        @Test(arguments: Pair.available, TwoMachines.Network.allCases)
        func `a tunnel in disguise carries everything, both ways`(pair: Pair, network: TwoMachines.Network) async throws
        {
            try await Self.withTunnel(pair, over: network) { _, _, client in
                try client.run(Self.exchanges, seconds: 60)
            }
        }

        @Test(.enabled(if: Privileges.setterPath != nil, "setpriv (package util-linux) is missing"))
        func `the right to open raw sockets is all that is needed`() async throws {
            try await Self.withTunnel(.oursAtBothEnds, prefix: Privileges.only("net_raw")) { _, _, client in
                try client.run(Self.exchanges, seconds: 60)
            }
        }

        @Test(arguments: Pair.available) func `a server in disguise serves plain datagrams too`(pair: Pair) async throws
        {
            let flags = Tunnel.Flags(both: ["-smuxver", "1"], server: ["-tcp"])
            try await Self.withTunnel(pair, flags) { _, tunnel, client in
                try client.run(Self.exchanges, seconds: 60)
                if pair.server == .ours {
                    let address = "\(TwoMachines.Network.ipv4.rawValue):\(tunnel.serverPort)"
                    try tunnel.server.waitForLog(["Listening on: \(address)/tcp", "Listening on: \(address)/udp"])
                }
            }
        }

        @Test func `several sessions at once`() async throws {
            let flags = Tunnel.Flags(both: ["-tcp"], client: ["-conn", "6"])
            try await Self.withTunnel(.oursAtBothEnds, flags) { _, _, client in
                try client.run((0..<12).map { _ in Exchange(byteCount: 1 << 20) }, seconds: 60)
            }
        }

        @Test(.enabled(if: Program.oursIsReal)) func `no packet rules are made`() async throws {
            try await Self.withTunnel(.oursAtBothEnds) { machines, _, client in
                try client.run([Exchange(byteCount: 100_000)], seconds: 30)
                for machine in [TwoMachines.Machine.client, .server] {
                    let rules = try machines.run("iptables -S", on: machine).split(separator: "\n")
                    try check(rules.allSatisfy { $0.hasPrefix("-P") }, "rules: \(rules)")
                }
            }
        }

        @Test(.enabled(if: Program.oursIsReal)) func `the handshake's last packet may get lost`() async throws {
            try await Self.withTunnel(.oursAtBothEnds) { machines, _, client in
                let address = TwoMachines.Network.ipv4.rawValue
                try machines.run("iptables -A OUTPUT -p tcp -d \(address) --tcp-flags ALL ACK -j DROP", on: .client)
                try client.run(Self.exchanges, seconds: 60)
            }
        }

        @Test(.enabled(if: Program.oursIsReal)) func `the client connects anew when the server has been away`()
            async throws
        {
            try await Self.withTunnel(.oursAtBothEnds) { _, tunnel, client in
                try client.run([Exchange(byteCount: 1000)], seconds: 30)
                tunnel.stop()
                let secondServer = try tunnel.startServerAgain()
                defer { secondServer.end() }
                let works = waitUntil(Deadline(seconds: 90)) {
                    (try? Exchange(byteCount: 1000).run(through: client.address, Deadline(seconds: 10))) != nil
                }
                try check(works, "no exchange succeeds with the new server: \(secondServer.report)")
            }
        }
    }

    /// Words in front of a command line that take rights away from root.
    private enum Privileges {
        static let setterPath = ["/usr/bin/setpriv", "/bin/setpriv"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }

        /// Whoever is not root has none in the first place.
        static var none: [String] {
            guard getuid() == 0, let path = self.setterPath else { return [] }
            return [path, "--bounding-set=-all", "--inh-caps=-all"]
        }

        /// Leaves one capability.
        static func only(_ name: String) -> [String] {
            [self.setterPath ?? "setpriv", "--bounding-set=-all,+\(name)", "--inh-caps=-all"]
        }
    }

    /// `-tcp` without what it needs.
    @Suite(.enabled(if: Program.oursIsReal)) struct DisguisePrivilegeTests {
        @Test(arguments: ["client", "server"]) func `a missing right is named`(role: String) async throws {
            try await onThread {
                guard let program = Program.ours.path(of: role) else { throw Failure("kcptun-\(role) is not built") }
                let words = Privileges.none + [program, "-tcp", "-l", "127.0.0.1:\(FreePort.take())"]
                let process = try ChildProcess(path: words[0], arguments: Array(words.dropFirst()))
                let ending = try process.waitForEnd()
                try check(ending == .exit(1), "\(ending)\n\(process.report)")
                let line = process.standardError.split(separator: "\n").last ?? ""
                for word in ["--tcp", "CAP_NET_RAW", "setcap cap_net_raw+ep", "kcptun-\(role)"] {
                    try check(line.contains(word), "last line on standard error: \(line)")
                }
            }
        }
    }
#endif
