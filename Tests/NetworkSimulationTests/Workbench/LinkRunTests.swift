import NetworkSimulation
import Testing

@Suite struct LinkRunTests {
    private static func result(
        _ scenario: LinkScenario, _ variant: String, _ pattern: TrafficPattern, seed: UInt64 = 1, seconds: Double? = nil
    ) throws -> RunResult {
        let variant = try #require(TunnelVariant(name: variant))
        return LinkRun.result(
            of: RunPlan(scenario: scenario, variant: variant, pattern: pattern, seed: seed, seconds: seconds))
    }

    private static func path(_ megabits: Double, _ queue: Int = 100) -> LinkScenario.Path {
        LinkScenario.Path(megabitsPerSecond: megabits, queue: .milliseconds(queue))
    }

    @Test(arguments: [TrafficPattern.loadedDownload, .clients(2), .joined(by: .bbr)])
    func `a plan decides the run, bit by bit`(pattern: TrafficPattern) throws {
        let first = try Self.result(.c, "default", pattern, seconds: 4)
        let second = try Self.result(.c, "default", pattern, seconds: 4)
        let other = try Self.result(.c, "default", pattern, seed: 2, seconds: 4)
        #expect(first.measures == second.measures)
        #expect(first.series.rates == second.series.rates)
        #expect(first.measures != other.measures)
    }

    /// A clean link and windows that fit it: nothing is lost, and everything is known.
    @Test(arguments: ["default-off", "go-default", "go-default+default", "default+go-default"])
    func `a window that fits delivers a window per round trip`(variant: String) throws {
        let scenario = LinkScenario(name: "clean", roundTripMilliseconds: 100, bothWays: Self.path(1000))
        let measures = try Self.result(scenario, variant, .download).measures
        // 512 segments of 1298 bytes each 100 ms and what acknowledgements wait.
        let rate = try #require(measures.goodput)
        #expect((32...53.2).contains(rate))
        #expect(try #require(measures.retransmitted) < 0.1)
        #expect(try #require(measures.spurious) < 0.1)
        #expect(measures.settling == nil)
    }

    @Test(arguments: ["default", "go-default", "go-default+default", "default+go-default"])
    func `no session ends before the run`(variant: String) throws {
        #expect(try Self.result(.c, variant, .loadedDownload, seconds: 3).failures.isEmpty)
    }

    @Test func `payload, headers and parity are all that is sent over a clean link`() throws {
        let measures = try Self.result(.a, "default-off", .download).measures
        // Frames have 8 bytes of header, 10 segments 3 of parity, both ends' acknowledgements are not counted.
        let expected = 1378.0 / 1298 * 1.3 * (8200.0 / 8192)
        let wire = try #require(measures.wire)
        #expect(abs(wire - expected) < 0.005)
    }

    @Test func `uploads are measured the other way`() throws {
        let scenario = LinkScenario(
            name: "uneven", roundTripMilliseconds: 20, down: Self.path(50), up: Self.path(2, 1000))
        let down = try Self.result(scenario, "fast3-nofec", .download).measures
        let up = try Self.result(scenario, "fast3-nofec", .upload).measures
        #expect(abs(try #require(down.limit) - 47.1) < 0.1)
        #expect(abs(try #require(up.limit) - 1.88) < 0.01)
        #expect(try #require(up.goodput) < 1.9)
        #expect(try #require(up.queueMedian) > 200)
    }

    @Test(arguments: ["default-off", "go-default"]) func `messages alone take a round trip`(variant: String) throws {
        let measures = try Self.result(.a, variant, .messages).measures
        #expect(abs(try #require(measures.messageMedian) - 50) < 1)
        #expect(abs(try #require(measures.message99) - 50) < 1)
        // 128 + 8 + 24 + 20 + 8 + 28 bytes, three in ten again as parity, and acknowledgements.
        #expect((280...330).contains(try #require(measures.messageBytes)))
        #expect(measures.goodput == nil && measures.wire == nil)
    }

    @Test func `messages wait behind what their own sender has queued`() throws {
        let measures = try Self.result(.a, "go-default", .loadedDownload).measures
        #expect(try #require(measures.messageMedian) > 120)
        #expect(try #require(measures.goodput) > 60)
    }

    @Test func `clients get their shares`() throws {
        let result = try Self.result(.a, "default", .clients(4))
        #expect(try #require(result.measures.fairness) > 0.9)
        #expect(result.series.names == (1...4).map { "default \($0)" })
        // The last one starts after six seconds.
        let first = try #require(result.series.rates[3].firstIndex { $0 > 0 })
        #expect((6.0...6.5).contains(result.series.seconds[first]))
    }

    @Test func `a competitor takes from the same queue`() throws {
        let alone = try Self.result(.a, "auto", .download).measures
        let beside = try Self.result(.a, "auto", .joined(by: .cubic)).measures
        #expect(try #require(beside.goodput) < (try #require(alone.goodput)) - 5)
        #expect(try #require(beside.competitors) > 5)
    }

    @Test func `silence is seen as a stall`() throws {
        let scenario = LinkScenario(
            name: "gap", roundTripMilliseconds: 20,
            bothWays: LinkScenario.Path(megabitsPerSecond: 20, queue: .milliseconds(100), blackouts: [4..<4.7]))
        let stall = try #require(try Self.result(scenario, "fast3-nofec", .download).measures.stall)
        // What waited in the queue when it began still comes.
        #expect(stall >= 590)
        #expect(stall < 1500)
    }

    @Test func `the course of a run agrees with its figures`() throws {
        let result = try Self.result(.c, "default", .download)
        let series = result.series
        #expect(series.seconds.count == 240)
        #expect(abs(try #require(series.seconds.last) - 12) < 1e-9)
        let mean = series.rates[0][40...].reduce(0, +) / 200
        #expect(abs(mean - (try #require(result.measures.goodput))) < 0.01)
        #expect(series.strayLosses.reduce(0, +) > 1000)
        #expect(series.limit.allSatisfy { abs($0 - 89.5) < 0.1 })
        #expect(series.roundTrips[0].suffix(100).allSatisfy { $0 >= 50 && $0 < 300 })
    }

    @Test func `the time after a step is measured`() throws {
        let scenario = LinkScenario(
            name: "up", roundTripMilliseconds: 10,
            bothWays: LinkScenario.Path(
                megabitsPerSecond: 10, queue: .milliseconds(50), steps: [.init(atSeconds: 5, megabitsPerSecond: 15)]))
        let measures = try Self.result(scenario, "fast3-nofec", .download).measures
        #expect(measures.settlingDown == nil)
        #expect((0.2...1).contains(try #require(measures.settlingUp)))
    }
}
