import LinkReport
import LinkRig
import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct RigReportTests {
    /// A recording of three seconds in which `megabits` came every second, over a wire that took twice that.
    private func result(_ variant: String, _ pattern: TrafficPattern, megabits: Int) -> RunResult {
        let start = Instant(microseconds: 5_000_000)
        var meter = PayloadMeter(start: start)
        var recorder = RunRecorder(start: start)
        for bucket in 0..<60 {
            let now = start.advanced(microseconds: bucket * 50_000 + 1)
            meter.add(megabits * 125_000 / 20, now: now)
            var counters = RunCounters()
            counters.wireByteCount = UInt64(megabits * 250_000 / 20 * (bucket + 1))
            counters.datagramCount = UInt64(100 * (bucket + 1))
            counters.dropCount = UInt64(bucket + 1)
            counters.repetitionCount = nil
            recorder.advance(
                to: start.advanced(microseconds: (bucket + 1) * 50_000), queueMicroseconds: { _ in 3000 },
                snapshot: { RunSnapshot(counters: counters, roundTrips: [0]) })
        }
        return RunResult(
            outline: RunOutline(scenario: .c, variantName: variant, pattern: pattern, seed: 1, seconds: 3),
            start: start,
            recording: RunRecording(tunnels: [meter], flows: [], messages: [MessageLog()], recorder: recorder))
    }

    private var report: RigReport {
        let campaign = RigCampaign(
            links: [.c, .h], variants: [], patterns: [.download], rounds: 1, seconds: nil,
            folders: ProgramFolders(ours: "", original: ""))
        var results = RigCampaign.Results()
        results.groups = [
            RunGroup([self.result("default", .download, megabits: 40)]),
            RunGroup([self.result("default", .upload, megabits: 30)]),
            RunGroup([self.result("tcp-bbr", .download, megabits: 20)]),
        ]
        results.failures = ["link c: it\nbroke"]
        return RigReport(campaign, results, conditions: [("date", "today")])
    }

    @Test func `figures of a recording are those of a simulated run`() {
        let measures = self.result("default", .download, megabits: 40).measures
        #expect(measures.goodput == 40)
        #expect(measures.wire == 2)
        #expect(measures.queueMedian == 3 && measures.queue95 == 3)
        #expect(measures.dropped == 1)
        #expect(measures.spurious == nil && measures.retransmitted == nil)
    }

    @Test func `patterns stand side by side`() {
        let table = RigOverview.table(
            [
                RunGroup([self.result("default", .download, megabits: 40)]),
                RunGroup([self.result("tcp-bbr", .download, megabits: 20)]),
                RunGroup([self.result("default", .upload, megabits: 30)]),
            ])
        #expect(table.rows.map { Array($0[0...2]) } == [["c", "default", "40.0"], ["c", "tcp-bbr", "20.0"]])
        #expect(table.header.suffix(3) == ["up Mbit/s", "% of limit", "wire"])
        #expect(table.rows.map { Array($0.suffix(3)) } == [["30.0", "34", "2.00"], ["–", "–", "–"]])
    }

    @Test func `the text has a section for each link that was measured`() {
        let text = self.report.markdown
        #expect(text.contains("date: today"))
        #expect(text.contains("## Link c: 50 ms, 100.0 Mbit/s, loss 5.0 %, queue 100 ms"))
        #expect(!text.contains("## Link h"))
        #expect(text.hasSuffix("- link c: it / broke\n"))
    }

    @Test func `each link has one picture, of its first transfer`() {
        #expect(self.report.pictures.map(\.link) == ["c"])
        #expect(self.report.pictures[0].svg.contains("download, seed 1"))
        #expect(!self.report.pictures[0].svg.contains("Round trip as the sender"))
    }

    @Test func `the conditions are in the document`() throws {
        #expect(try self.report.json.contains("\"date\" : \"today\""))
    }
}
