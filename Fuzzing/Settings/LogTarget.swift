import Foundation
import FuzzSupport
import Logging
import TunnelCommand

/// Messages with text from elsewhere in all formats of the log, and file names with a time in them. A message stays one
/// entry, whatever it holds.
final class LogTarget: FuzzTarget {
    static let name = "log"
    static let maximumByteCount = 256

    static var dictionary: [String] {
        ["2006", "Jan", "_2", "15:04:05", ".000", ".999", "Z07:00", "MST", "\u{2028}", "\u{1B}["]
    }

    static func seeds() throws -> [[UInt8]] {
        [[0], [1], [2]].flatMap { kind in
            ["snmp-2006-01-02.log", "line\nline", "\"\\\u{7F}\u{0}\u{1F600}", "Mon Jan _2 15:04:05.999999 MST 2006"].map
            {
                kind + [1, 2, 3, 4, 5, 6, 7, 8] + Array($0.utf8)
            }
        }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let kind = input.byte() % 3
        let wall = WallTime(
            secondsSince1970: Int(Int32(bitPattern: input.word())) * 4, nanoseconds: Int(input.word() % 1_000_000_000))
        let time = LocalTime(wall, offsetSeconds: Int(wall.secondsSince1970 % 86_400), zoneName: "")
        let text = input.text()
        let event = LogEvent(
            level: .warning, message: "\(text)", error: nil, metadata: ["key": "\(text)"], source: "", file: "",
            function: "", line: 0)
        switch kind {
        case 0: try Self.checkJSON(JSONLogFormatter().line(for: event, at: time), text)
        case 1:
            let lines = JournalLogFormatter(TextLogFormatter()).line(for: event, at: time)
                .utf8.split(separator: 10, omittingEmptySubsequences: false)
            try promise(lines.allSatisfy { $0.starts(with: "<4>".utf8) }, "a line without its priority")
        default:
            let byteCount = GoTimeLayout(text).text(time).utf8.count
            try promise(byteCount <= 64 * (text.utf8.count + 1), "a long name: \(byteCount) bytes")
        }
    }

    private static func checkJSON(_ line: String, _ text: String) throws(BrokenPromise) {
        try promise(line.utf8.allSatisfy { $0 >= 0x20 }, "a control character in a line")
        let members = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        try promise(members?["message"] == text && members?["key"] == text, "the line says something else: \(line)")
    }
}
