import Foundation
import FuzzSupport
import TunnelCommand

/// Configuration files. What is understood can be written down and means the same then, and what is not understood gets
/// a reason.
final class ConfigurationFileTarget: FuzzTarget {
    static let name = "json"
    static let maximumByteCount = 1024
    private let tables = ProgramTables()

    static var dictionary: [String] {
        ProgramTables.names.map { "\"\($0)\":" } + [
            "true", "false", "null", "1e3", "\\u00e4", "\\\"", "\u{FEFF}", "{}", "[]", "-1", "0.5",
        ]
    }

    static func seeds() throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Examples/Configurations")
        let examples = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
            .filter { $0.hasSuffix(".json") }
            .map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
        let texts = [
            "{\"mtu\":1350,\"mtu\":1e3,\"nocomp\":true,\"key\":\"a\\\"b\",\"x\":{\"y\":[1,{}]}} rest", "null", "[]",
            "{",
        ]
        return (examples + texts.map { Array($0.utf8) }).flatMap { [[0] + $0, [1] + $0] }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let table = self.tables[input.byte()]
        let file: ConfigurationFile
        do {
            file = try ConfigurationFile(input.rest(), path: "file", table: table)
        } catch {
            return try promise(
                !error.problems.isEmpty && error.description.hasPrefix("configuration file file: "), "no reason")
        }
        let again: ConfigurationFile
        do {
            again = try ConfigurationFile(Self.text(of: file.settings), path: "file", table: table)
        } catch { throw BrokenPromise("what was written down is not understood: \(error)") }
        try promise(again.settings == file.settings, "what was written down means something else")
        try promise(again.unknownKeys.isEmpty, "a key has changed")
    }

    private static func text(of settings: [FlagSetting]) -> [UInt8] {
        let members = settings.map { setting in
            let value =
                switch setting.value {
                case .boolean(let isOn): "\(isOn)"
                case .integer(let number): "\(number)"
                case .text(let text): JSONText.quoted(text)
                }
            return "\(JSONText.quoted(setting.flag.configurationKey ?? "")): \(value)"
        }
        return Array("{\(members.joined(separator: ",\n"))}".utf8)
    }
}
