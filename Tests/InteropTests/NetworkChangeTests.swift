#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    /// A client's machine that comes to another network.
    @Suite(
        .enabled(if: Program.oursIsReal, "these are promises of our programs only"),
        .enabled(if: TwoMachines.obstacle == nil, "\(TwoMachines.obstacle ?? "")"))
    struct NetworkChangeTests {
        @Test(arguments: [["-crypt", "aes"], ["-crypt", "none", "-ds", "0", "-ps", "0"]])
        func `streams survive the loss of the client's address`(flags: [String]) async throws {
            let machines = try TwoMachines()
            let echo = try StreamListener(at: .unix(Self.socketPath()), handle: EchoConnection.serve)
            defer {
                echo.stop()
                unlink("\(echo.address)")
                try? machines.remove()
            }
            try await withTunnel(
                .oursAtBothEnds, Tunnel.Flags(both: flags), target: "\(echo.address)",
                host: TwoMachines.Network.ipv4.rawValue, placement: machines.placement()
            ) { tunnel, client in
                let stream = try machines.visit(.client) { try EchoConnection(client) }
                try stream.exchange(seconds: 30)
                try machines.replaceClientAddress()
                try stream.exchange(seconds: 60)
                let log = client.process.standardError
                try check(log.contains("goes on from 10.83.0.9"), "nothing is said about it")
                try check(tunnel.server.standardError.contains("session moved"), "the server did not follow")
            }
        }

        private static func socketPath() -> String {
            FileManager.default.temporaryDirectory.appending(path: "k\(UInt32.random(in: 0 ... .max)).sock")
                .path(percentEncoded: false)
        }
    }

    extension TwoMachines {
        /// Gives the client's machine 10.83.0.9 in place of the address that it has.
        fileprivate func replaceClientAddress() throws {
            let name = try self.run("ip -o -4 address show to 10.83.0.1", on: .client).split(separator: " ")[1]
            try self.run("ip address delete 10.83.0.1/24 dev \(name)", on: .client)
            try self.run("ip address add 10.83.0.9/24 dev \(name)", on: .client)
        }
    }
#endif
