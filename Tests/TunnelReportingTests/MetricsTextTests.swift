import Foundation
import Testing
import TunnelCore
import TunnelRuntime

@testable import TunnelReporting

@Suite struct MetricsTextTests {
    private static func text(_ name: String, _ host: HostSnapshot) throws -> String {
        let metric = try #require(MetricsTable.metrics.first { $0.name == name })
        return MetricsText.render(metric, Samples.input(host))
    }

    @Test func `a counter with labels`() throws {
        var host = Samples.host()
        host.totals.sessions.session.datagramsSent = 5
        #expect(
            try Self.text("kcptun_session_datagrams_total", host) == """
                # HELP kcptun_session_datagrams_total Datagrams of sessions: those handed out for sending, and received \
                ones that were genuine.
                # TYPE kcptun_session_datagrams_total counter
                kcptun_session_datagrams_total{direction="sent"} 5
                kcptun_session_datagrams_total{direction="received"} 0

                """)
    }

    @Test func `a histogram counts everything up to each bound`() throws {
        var host = Samples.host()
        for sample in [500, 7000, 7000, 2_000_000] { host.loops[0].lag.add(microseconds: sample) }
        let lines = try Self.text("kcptun_event_loop_lag_seconds", host).split(separator: "\n").dropFirst(2)
        #expect(
            lines.map { String($0.dropFirst("kcptun_event_loop_lag_seconds".count)) } == [
                "_bucket{le=\"0.001\"} 1", "_bucket{le=\"0.005\"} 1", "_bucket{le=\"0.01\"} 3",
                "_bucket{le=\"0.025\"} 3", "_bucket{le=\"0.05\"} 3", "_bucket{le=\"0.1\"} 3", "_bucket{le=\"0.25\"} 3",
                "_bucket{le=\"1\"} 3", "_bucket{le=\"+Inf\"} 4", "_sum 2.0145", "_count 4",
            ])
    }

    @Test func `a metric without a value is left out`() throws {
        #expect(try Self.text("kcptun_goodput_ratio", Samples.host()) == "")
    }

    @Test(arguments: [
        (0.0, "0"), (1.5, "1.5"), (12_345_678_901, "12345678901"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"), (-2, "-2"),
    ])
    func `numbers`(value: Double, text: String) {
        #expect(MetricsText.text(value) == text)
    }

    @Test func `label values are escaped`() {
        let label = MetricLabel(name: "error", value: "a\"b\\c\nd")
        #expect(MetricsText.seriesName("x", [label]) == #"x{error="a\"b\\c\nd"}"#)
        #expect(MetricsText.seriesName("x", []) == "x")
    }

    @Test func `the whole text passes a strict reader`() {
        let lint = MetricsLint(MetricsText.render(Samples.input(Samples.busyHost)))
        #expect(lint.complaints == [])
        #expect(lint.sampleCount > 90)
    }

    @Test(arguments: [
        "# HELP a_total Something that is counted.\n# TYPE a_total gauge\na_total 1\n",
        "# HELP a_ms Something that is measured.\n# TYPE a_ms gauge\na_ms 1\n",
        "# HELP a_total Something that is counted.\n# TYPE a_total counter\na_total 1\na_total 2\n",
        "# HELP a_total Something that is counted.\n# TYPE a_total counter\na_total one\n",
        "# HELP a_total Something that is counted.\n# TYPE a_total counter\na_total{b=c} 1\n",
        "a 1\n", "# TYPE a gauge\na 1\n",
        "# HELP a_total Something that is counted.\n# TYPE a_total counter\nb_total 1\n",
    ])
    func `the strict reader is strict`(text: String) {
        #expect(MetricsLint(text).complaints != [])
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")))
    func `Prometheus' own checker has nothing to complain about`() throws {
        let promtool = Process()
        let (input, output) = (Pipe(), Pipe())
        promtool.executableURL = URL(filePath: "/usr/bin/promtool")
        promtool.arguments = ["check", "metrics"]
        promtool.standardInput = input
        promtool.standardOutput = output
        promtool.standardError = output
        try promtool.run()
        try input.fileHandleForWriting.write(contentsOf: Data(MetricsText.render(Samples.input(Samples.busyHost)).utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        promtool.waitUntilExit()
        #expect(promtool.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }
}
