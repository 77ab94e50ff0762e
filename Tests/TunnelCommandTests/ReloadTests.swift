import Synchronization
import Testing

@testable import TunnelCommand

@Suite struct ReloadTests {
    /// A configuration file that changes.
    private final class File: Sendable {
        private let text: Mutex<String>

        init(_ text: String) { self.text = Mutex(text) }

        func write(_ text: String) { self.text.withLock { $0 = text } }

        var reader: OptionReader<ServerOptions> {
            OptionReader(environment: [:]) { _ throws(FileError) in Array(self.text.withLock { $0 }.utf8) }
        }

        func state(_ arguments: [String]) throws -> ProgramState<ServerProgram> {
            guard case .run(let loaded) = try self.reader.read(arguments) else { throw UsageError.badSyntax("not run") }
            return try ProgramState(loaded)
        }
    }

    private static let arguments = ["-c", "x.json", "-sndwnd", "100"]

    @Test func `without a file there is nothing to read`() throws {
        let file = File("{}")
        let state = try file.state([])
        guard case .nothingToRead = Reload(state, reader: file.reader, arguments: []) else {
            Issue.record("something was read")
            return
        }
    }

    @Test(arguments: ["{}", #"{"unknown": 1}"#, #"{"sndwnd": 100, "mtu": 1350}"#])
    func `the same settings are no change, however they are written`(text: String) throws {
        let file = File("{}")
        let state = try file.state(Self.arguments)
        file.write(text)
        guard case .unchanged(let doubts) = Reload(state, reader: file.reader, arguments: Self.arguments) else {
            Issue.record("something has changed")
            return
        }
        #expect(doubts.isEmpty != text.contains("unknown"))
    }

    @Test(arguments: [
        (#"{"mtu": "x"}"#, "expects a whole number"), ("{", "x.json"), (#"{"mode": "warp"}"#, "no known mode"),
        (#"{"target": "a:b", "listen": "nowhere"}"#, "malformed address"),
    ])
    func `a wrong file is refused with the reason`(text: String, reason: String) throws {
        let file = File("{}")
        let state = try file.state(Self.arguments)
        file.write(text)
        guard case .refused(let error) = Reload(state, reader: file.reader, arguments: Self.arguments) else {
            Issue.record("the file was taken")
            return
        }
        #expect("\(error)".contains(reason))
    }

    @Test func `what needs a restart stays as it is, and is named each time`() throws {
        let file = File(#"{"listen": ":1", "mode": "fast"}"#)
        var state = try file.state(Self.arguments)
        file.write(#"{"listen": ":2", "mode": "fast3"}"#)
        for expected in [["listen", "mode"], ["listen"]] {
            guard case .changed(let new, let changes) = Reload(state, reader: file.reader, arguments: Self.arguments)
            else {
                Issue.record("nothing has changed")
                return
            }
            #expect(changes.map(\.flag.name) == expected)
            #expect(new.effective["listen"]?.value == .text(":1"))
            #expect(new.settings.noDelay.intervalMilliseconds == 10)
            state = new
        }
    }

    @Test func `a setting that is taken out of the file goes back to what it would be without`() throws {
        let file = File(#"{"sndwnd": 200, "quiet": true}"#)
        let state = try file.state(Self.arguments)
        file.write("{}")
        guard case .changed(_, let changes) = Reload(state, reader: file.reader, arguments: Self.arguments) else {
            Issue.record("nothing has changed")
            return
        }
        #expect(changes.lines == ["changed at once: quiet true → false, sndwnd 200 → 100"])
    }
}
