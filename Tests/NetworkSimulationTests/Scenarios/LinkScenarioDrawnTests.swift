import NetworkSimulation
import PacketPrimitives
import Testing

@Suite struct LinkScenarioDrawnTests {
    private static let draws = (UInt64(1)...500).map(LinkScenario.drawn(seed:))

    @Test func `a seed decides the link`() {
        #expect(LinkScenario.drawn(seed: 42) == .drawn(seed: 42))
        #expect(LinkScenario.drawn(seed: 42) != .drawn(seed: 43))
        #expect(LinkScenario.drawn(seed: 42).name == "draw 42")
    }

    @Test(arguments: 1...500 as ClosedRange<UInt64>) func `every draw keeps to the bounds`(seed: UInt64) throws {
        let scenario = LinkScenario.drawn(seed: seed)
        #expect((5...300).contains(scenario.roundTripMilliseconds), "seed \(seed)")
        #expect((1...500).contains(scenario.down.megabitsPerSecond), "seed \(seed)")
        #expect(scenario.up.megabitsPerSecond <= 500 && scenario.up.megabitsPerSecond >= 0.1, "seed \(seed)")
        for direction in LinkDirection.allCases {
            let path = scenario[direction]
            #expect((0...0.4).contains(path.loss.share), "seed \(seed)")
            guard case .bytes(let buffer) = path.queue else {
                Issue.record("seed \(seed): no buffer")
                continue
            }
            let milliseconds = Double(buffer) / path.megabitsPerSecond / 125
            #expect(milliseconds >= 19.9 && (milliseconds <= 500.1 || buffer == 8 * 1378), "seed \(seed)")
            try scenario.conditions(direction, start: .start).validate()
        }
    }

    @Test func `draws are spread over what there is`() {
        func share(_ isSo: (LinkScenario) -> Bool) -> Double {
            Double(Self.draws.count(where: isSo)) / Double(Self.draws.count)
        }
        #expect((0.4...0.6).contains(share { $0.down.megabitsPerSecond < 22.4 }))
        #expect((0.4...0.6).contains(share { $0.roundTripMilliseconds < 38.7 }))
        #expect((0.1...0.2).contains(share { $0.down.policer != nil }))
        #expect((0.2...0.4).contains(share { $0.up.megabitsPerSecond != $0.down.megabitsPerSecond }))
        #expect((0.4...0.6).contains(share { $0.down.jitter == .none }))
        #expect((0.15...0.25).contains(share { $0.down.loss == .none }))
        #expect(share { $0.down.loss.share > 0.2 } > 0.1)
        #expect(Self.draws.allSatisfy { $0.up.policer == nil })
    }
}
