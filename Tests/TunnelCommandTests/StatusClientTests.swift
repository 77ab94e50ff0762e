import NIOCore
import PacketPrimitives
import Testing
import TunnelCommand
import TunnelCore
import TunnelReporting
import TunnelRuntime

@Suite struct StatusClientTests {
    private static let program = ProgramIdentity(name: "kcptun-client", version: "9", startTime: 5)

    /// Has the patience that a busy machine asks for.
    private static func server() async throws -> StatusServer {
        var patience = StatusPatience()
        patience.answer = .minutes(1)
        return try await StatusServer.start(
            at: .tcp(host: "127.0.0.1", port: 0), program: Self.program, patience: patience
        ) { HostSnapshot(role: .client, time: Instant(milliseconds: 4000)) }
    }

    @Test func `a running program is read`() async throws {
        let server = try await Self.server()
        for text in [server.localAddress, "http://\(server.localAddress)", "http://\(server.localAddress)/status"] {
            var client = try #require(StatusClient(text))
            client.timeLimit = .minutes(1)
            let document = try await client.document()
            #expect(document.program == "kcptun-client" && document.version == "9" && document.clock == 4)
        }
        await server.shutdown()
    }

    @Test func `a program that is not there is named, with what to do`() async throws {
        let server = try await Self.server()
        let address = server.localAddress
        await server.shutdown()
        let error = try await #require(throws: StatusClientError.self) {
            try await #require(StatusClient(address)).document()
        }
        #expect(error.description.hasPrefix("cannot reach \(address): "))
        #expect(error.description.hasSuffix("was the program started with --metrics \(address)?"))
    }

    @Test(arguments: ["", "9100", "host", "host:", "host:0", "/tmp/socket", "http://", "host:http", ":99999"])
    func `what is no address is refused`(text: String) { #expect(StatusClient(text) == nil) }

    @Test(arguments: [":9100", "127.0.0.1:9100", "[::1]:9100", "name:1", "http://name:1/"])
    func `what is an address is taken`(text: String) { #expect(StatusClient(text) != nil) }
}
