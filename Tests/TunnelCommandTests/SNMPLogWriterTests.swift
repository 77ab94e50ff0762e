import Foundation
import Testing
import TunnelCommand

@Suite struct SNMPLogWriterTests {
    private static let time = WallTime(secondsSince1970: 1_136_239_445)
    private static let zone = LocalTimeZone.fixed(offsetSeconds: -25200, name: "MST")

    @Test(arguments: [
        ("snmp-2006.log", "snmp-2006.log"), ("/2006/01/x-20060102", "/2006/01/x-20060102"), ("a1/b-15", "a1/b-15"),
        ("/var/1/", "/var/1/"),
    ])
    func `at the reference time a layout stands for itself`(path: String, expected: String) {
        #expect(SNMPLogWriter(path: path, zone: Self.zone).path(at: Self.time) == expected)
    }

    @Test func `only the last component is a layout`() {
        let writer = SNMPLogWriter(path: "/2006/1/5-15", zone: .fixed(offsetSeconds: 0, name: "UTC"))
        #expect(writer.path(at: WallTime(secondsSince1970: 0)) == "/2006/1/0-00")
    }

    @Test func `a header comes first, and only once`() throws {
        let folder = try TemporaryFolder()
        let writer = SNMPLogWriter(path: folder.path + "/snmp-2006.log", zone: Self.zone)
        var counters = SNMPCounters()
        for count in 1...3 as ClosedRange<UInt64> {
            counters.bytesSent = count
            #expect(writer.append(counters, at: Self.time) == nil)
        }
        let lines = try folder.text("snmp-2006.log").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5)
        #expect(lines.first.map(String.init) == CounterTable.csvHeader)
        #expect(lines[1...3].map { $0.prefix(13) } == ["1136239445,1,", "1136239445,2,", "1136239445,3,"])
        #expect(lines.last == "")
    }

    @Test func `a new name begins a new file`() throws {
        let folder = try TemporaryFolder()
        let writer = SNMPLogWriter(path: folder.path + "/2006-01-02", zone: Self.zone)
        _ = writer.append(SNMPCounters(), at: Self.time)
        _ = writer.append(SNMPCounters(), at: WallTime(secondsSince1970: Self.time.secondsSince1970 + 86400))
        #expect(try folder.text("2006-01-02").hasPrefix("Unix,"))
        #expect(try folder.text("2006-01-03").hasPrefix("Unix,"))
    }

    @Test func `a failure is told, and the next row may succeed`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/later/x"
        let writer = SNMPLogWriter(path: path, zone: Self.zone)
        #expect(writer.append(SNMPCounters(), at: Self.time) == "snmp logger: open \(path): No such file or directory")
        try FileManager.default.createDirectory(atPath: folder.path + "/later", withIntermediateDirectories: false)
        #expect(writer.append(SNMPCounters(), at: Self.time) == nil)
    }
}
