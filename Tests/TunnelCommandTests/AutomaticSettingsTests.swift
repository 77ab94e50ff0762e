import Testing
import TunnelCore

@testable import TunnelCommand

@Suite struct AutomaticSettingsTests {
    private func automatic(_ arguments: [String]) throws -> AutomaticSettings {
        let request = try OptionReader<ClientOptions>(environment: [:]).read(
            ["--key", "long enough a key"] + arguments)
        guard case .run(let loaded) = request else { return [] }
        return try ProgramState<ClientProgram>(loaded).settings.automatic
    }

    @Test func `nothing is left to the program that the operator has set`() throws {
        #expect(try self.automatic([]) == [.sendWindow, .receiveWindow, .streamBuffer, .parity])
        #expect(try self.automatic(["-sndwnd", "128"]) == [.receiveWindow, .streamBuffer, .parity])
        #expect(try self.automatic(["--rcvwnd=512"]) == [.sendWindow, .streamBuffer, .parity])
        #expect(try self.automatic(["--ps", "3"]) == [.sendWindow, .receiveWindow, .streamBuffer])
        #expect(try self.automatic(["--ds", "10", "--smuxbuf", "5000000"]) == [.sendWindow, .receiveWindow])
    }
}
