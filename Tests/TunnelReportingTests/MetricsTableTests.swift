import Testing
import TunnelReporting

@Suite struct MetricsTableTests {
    @Test func `no name is used twice`() {
        let names = MetricsTable.metrics.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count > 50)
    }

    @Test(arguments: MetricsTable.metrics.map(\.name))
    func `a name says what is counted and in what`(name: String) throws {
        let metric = try #require(MetricsTable.metrics.first { $0.name == name })
        #expect(name.hasPrefix("kcptun_") || name.hasPrefix("process_"))
        // Counters end in _total behind what they count, other metrics in their unit.
        let words = name.split(separator: "_").map(String.init)
        let last = try #require(words.last)
        let units = [
            "bytes", "seconds", "ratio", "info", "segments", "sessions", "streams", "groups", "group", "loops", "fds",
        ]
        let counted = [
            "bytes", "seconds", "datagrams", "messages", "calls", "segments", "retransmissions", "packets", "groups",
            "errors", "changes", "sessions", "streams", "frames", "sends", "overflows", "window",
        ]
        if metric.kind == .counter {
            #expect(last == "total" && counted.contains(words[words.count - 2]))
        } else {
            #expect(units.contains(last))
        }
    }

    @Test(arguments: MetricsTable.metrics.map(\.name))
    func `the help is a sentence`(name: String) throws {
        let help = try #require(MetricsTable.metrics.first { $0.name == name }).help
        #expect(help.hasSuffix("."))
        #expect(help.first?.isUppercase == true)
        #expect(!help.contains("\n") && !help.contains("|"))
    }

    @Test(arguments: MetricsTable.metrics.map(\.name))
    func `series have as many label values as there are labels`(name: String) throws {
        let metric = try #require(MetricsTable.metrics.first { $0.name == name })
        guard case .series(let series) = metric.source else { return }
        #expect(!series.isEmpty)
        #expect(series.allSatisfy { ($0.labelValue != nil) == (metric.labelNames.count == 1) })
        #expect(Set(series.map { $0.labelValue ?? "" }).count == series.count)
    }

    @Test func `every metric has a value when everything has happened`() {
        let input = Samples.input(Samples.busyHost)
        for metric in MetricsTable.metrics where metric.kind != .histogram {
            #expect(!metric.samples(input).isEmpty, "\(metric.name)")
        }
    }

    @Test func `round-trip times are those of the sessions`() throws {
        let metric = try #require(MetricsTable.metrics.first { $0.name == "kcptun_smoothed_rtt_seconds" })
        let sessions = [30, 10, 20, nil].enumerated().map { index, time in
            Samples.session(peerPort: UInt16(index), smoothed: time)
        }
        #expect(metric.samples(Samples.input(Samples.host(sessions))).map(\.value) == [0.01, 0.02, 0.03])
        #expect(metric.samples(Samples.input(Samples.host())).isEmpty)
    }
}
