import Foundation
import Logging
import Testing

@testable import TunnelCommand

@Suite struct JSONLogFormatterTests {
    private static func line(_ message: String, offsetSeconds: Int = 0, metadata: Logger.Metadata? = nil) -> String {
        let time = LocalTime(
            WallTime(secondsSince1970: 0, nanoseconds: 5_000_000), offsetSeconds: offsetSeconds, zoneName: "")
        return JSONLogFormatter().line(for: .sample(message, level: .info, metadata: metadata), at: time)
    }

    @Test(arguments: [
        "plain", "a \"quoted\" \\ word", "two\nlines\tand\r", "\u{1}\u{1F}\u{7F}", "Grüße 🙂", "",
    ])
    func `every text comes out of a JSON parser as it went in`(text: String) throws {
        let line = Self.line(text)
        #expect(!line.contains("\n"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(object == ["time": "1970-01-01T00:00:00.005Z", "level": "info", "message": text])
    }

    @Test(arguments: [(0, "Z"), (3600, "+01:00"), (-12600, "-03:30"), (20700, "+05:45")])
    func `the distance from UTC is written out`(seconds: Int, text: String) {
        #expect(Self.line("x", offsetSeconds: seconds).contains(".005\(text)\""))
    }

    @Test func `metadata follows in the order of its keys`() {
        #expect(Self.line("x", metadata: ["b": "2", "a": "1"]).hasSuffix(#""message":"x","a":"1","b":"2"}"#))
    }
}
