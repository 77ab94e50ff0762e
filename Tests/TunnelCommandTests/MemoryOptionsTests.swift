import ArgumentParser
import Testing

@testable import TunnelCommand

@Suite struct MemoryOptionsTests {
    private func settings(_ arguments: [String]) throws -> ServerSettings {
        try ServerSettings(ServerOptions.parse(arguments))
    }

    @Test(arguments: [
        ([], nil), (["--memlimit=64M"], 64 << 20), (["--memlimit=1048576"], 1 << 20), (["--memlimit=auto"], nil),
    ])
    func `a size, or the program's choice`(arguments: [String], byteCount: Int?) throws {
        #expect(try self.settings(arguments).options.shared.memory.byteCount == byteCount)
    }

    @Test(arguments: ["0", "1000", "64MB", "lots", "-5M"])
    func `what is no size, or too little, is refused with what to write`(text: String) {
        #expect(throws: ConfigurationError.self) { try self.settings(["--memlimit=\(text)"]) }
        do {
            _ = try self.settings(["--memlimit=\(text)"])
        } catch {
            #expect("\(error)" == "--memlimit \"\(text)\": use auto, or 1M or more, such as 64M")
        }
    }
}
