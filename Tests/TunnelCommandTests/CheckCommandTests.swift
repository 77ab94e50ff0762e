import ArgumentParser
import Foundation
import Testing

@testable import TunnelCommand

@Suite struct CheckCommandTests {
    private static func report(
        _ arguments: [String], file: String? = nil, environment: [String: String] = [:]
    ) throws -> CheckReport {
        let folder = try TemporaryFolder()
        let path = folder.path + "/x.json"
        if let file { try Data(file.utf8).write(to: URL(filePath: path)) }
        let all = file == nil ? arguments : ["-c", path] + arguments
        return try CheckCommand.parse(all).report(environment: environment)
    }

    @Test(arguments: [
        (#"{"localaddr": ":1"}"#, "client"), (#"{"remoteaddr": "h:1", "mtu": 1300}"#, "client"),
        (#"{"conn": 2}"#, "client"), (#"{"listen": ":1"}"#, "server"), (#"{"Target": ":1"}"#, "server"),
    ])
    func `the keys tell the role`(file: String, role: String) throws {
        let report = try Self.report([], file: file)
        #expect(report.role == role)
        #expect(report.exitStatus == 0)
    }

    @Test(arguments: [#"{"mtu": 1300}"#, "{}", #"{"listen": ":1", "localaddr": ":2"}"#])
    func `keys that do not tell it are a reason to ask`(file: String) throws {
        #expect(throws: ValidationError.self) { try Self.report([], file: file) }
        #expect(try Self.report(["client"], file: file).exitStatus == 0)
        #expect(try Self.report(["server"], file: file).role == "server")
    }

    @Test(arguments: [
        (["client"], #"{"mtu": "x"}"#, "whole number", Int32(78)), (["server"], #"{"mode": "warp"}"#, "fast3", 78),
        ([], "{", "x.json", 78), (["client", "--", "-bogus"], "{}", "bogus", 64),
        (["server", "--", "-conn", "2"], "{}", "conn", 64),
    ])
    func `what keeps the program from starting is named`(
        arguments: [String], file: String, word: String, code: Int32
    ) throws {
        let report = try Self.report(arguments, file: file)
        #expect(report.exitStatus == code)
        #expect(report.problems.contains { $0.contains(word) }, "\(report.problems)")
        #expect(report.document.contains("\"valid\" : false"))
    }

    @Test func `a missing file is named whatever the role`() throws {
        let report = try Self.report(["-c", "/no/such/file.json"])
        #expect(report.exitStatus == 78)
        #expect(report.problems.contains { $0.contains("/no/such/file.json") })
    }

    @Test func `the text has a line for each setting with value and origin`() throws {
        let report = try Self.report(
            ["server", "--", "-crypt", "salsa20"], file: #"{"mtu": 1300, "target": "h:1"}"#,
            environment: ["KCPTUN_KEY": "very secret indeed"])
        let lines = report.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["mtu", "1300", "file"]))
        #expect(lines.contains(["crypt", "salsa20", "command", "line"]))
        #expect(lines.contains(["key", "(not", "shown)", "environment"]))
        #expect(lines.contains(["interval", "30", "mode", "fast"]))
        #expect(lines.contains(["snmplog", "\"\"", "default"]))
        #expect(lines.contains(["sndwnd", "1024", "automatic"]))
        #expect(!report.text.contains("secret"))
    }

    @Test func `a list of servers is shown as one text, and takes the place of those of the command line`() throws {
        let report = try Self.report(["client", "--", "-r", "c:3"], file: #"{"remoteaddr": ["a:1", "b:2"]}"#)
        let lines = report.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["remoteaddr", "a:1,b:2", "file"]))
    }

    @Test func `a bad server in the list is named`() throws {
        let report = try Self.report(["client"], file: #"{"remoteaddr": ["a:1", "b"], "mtu": 1300}"#)
        #expect(report.exitStatus == 78)
        #expect(report.problems.contains { $0.contains("\"remoteaddr\": malformed address:b") }, "\(report.problems)")
    }

    @Test func `warnings and unknown keys are there too`() throws {
        let report = try Self.report(["client"], file: #"{"mtu": 9000, "bogus": 1}"#)
        #expect(report.exitStatus == 0)
        for word in ["mtu 9000", "default key", "bogus"] {
            #expect(report.warnings.contains { $0.contains(word) }, "\(word)")
        }
    }

    private struct Document: Decodable {
        struct Setting: Decodable {
            var origin: String
            var value: JSONValue?
        }
        var role: String
        var valid: Bool
        var warnings: [String]
        var settings: [String: Setting]
    }

    @Test func `the JSON object holds the same`() throws {
        let report = try Self.report(
            ["client"], file: #"{"mtu": 1300, "key": "very secret indeed", "nocomp": true, "mode": "fast2"}"#)
        let text = report.document
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        #expect(document.role == "client")
        #expect(document.valid)
        #expect(document.settings["mtu"]?.value == .integer(1300))
        #expect(document.settings["mtu"]?.origin == "file")
        #expect(document.settings["nocomp"]?.value == .boolean(true))
        #expect(document.settings["interval"]?.origin == "mode fast2")
        #expect(document.settings["key"]?.value == nil)
        #expect(!text.contains("secret"))
    }
}
