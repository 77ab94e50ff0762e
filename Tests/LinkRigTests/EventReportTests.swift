import BenchmarkSupport
import Testing

@testable import LinkRig

@Suite struct EventReportTests {
    private static let event = EventCase(name: "storm", pair: .ours, limits: ["gap": 1]) { _ in EventMeasure() }

    private static func row(_ gaps: [Double], facts: [Bool] = [true], failures: [String] = []) -> EventRow {
        EventRow(
            self.event,
            gaps.enumerated().map { index, gap in
                EventMeasure(seconds: ["gap": gap], facts: ["alive": facts[index % facts.count]])
            }, failures: failures)
    }

    @Test func `the median counts for figures, and every round for facts`() {
        #expect(Self.row([0.2, 0.4, 7]).isKept)
        #expect(Self.row([0.2, 0.4, 7]).seconds == ["gap": 0.4])
        #expect(!Self.row([0.2, 1.1, 7]).isKept)
        #expect(!Self.row([0.2, 0.4, 7], facts: [true, true, false]).isKept)
        #expect(!Self.row([0.2], failures: ["no answer"]).isKept)
        #expect(!Self.row([]).isKept)
    }

    @Test func `what never happened is not kept, and said so`() {
        let row = Self.row([.infinity])
        #expect(!row.isKept)
        #expect(row.text == "gap never; alive: yes")
    }

    @Test func `the table has a row for each event`() throws {
        let report = EventReport(conditions: ["link": "bad"], rows: [Self.row([0.25]), Self.row([2])])
        #expect(report.markdown.contains("| storm | ours | gap 0.25 s; alive: yes | gap 1 s | yes |"))
        #expect(report.markdown.contains("**no**"))
        #expect(report.markdown.contains("link: bad"))
        #expect(try report.json.contains("\"gap\" : 0.25"))
    }
}

@Suite struct EchoProbeLogTests {
    private static func at(_ seconds: Double) -> Nanoseconds { Nanoseconds(count: Int64(seconds * 1e9)) }

    private let log: EchoProbe.Log

    init() {
        var log = EchoProbe.Log()
        log.sentCount = 4
        log.arrivals = [1, 1.25, 3, 3.5].map(Self.at)
        self.log = log
    }

    @Test func `the longest gap is looked for from a moment on`() {
        #expect(self.log.longestGap(from: Self.at(0.5)) == 1.75)
        #expect(self.log.longestGap(from: Self.at(2)) == 1)
        #expect(self.log.longestGap(from: Self.at(4)) == .infinity)
    }

    @Test func `the wait ends with the next answer`() {
        #expect(self.log.wait(from: Self.at(1)) == 0.25)
        #expect(self.log.wait(from: Self.at(9)) == .infinity)
    }

    @Test func `everything must have come back, and nothing else`() {
        #expect(self.log.isComplete)
        for change in [{ $0.sentCount = 5 }, { $0.isRight = false }, { $0.isCut = true }]
            as [(inout EchoProbe.Log) -> Void]
        {
            var log = self.log
            change(&log)
            #expect(!log.isComplete)
        }
    }
}
