import Testing
import TunnelReporting

@Suite struct FigureTextUnitsTests {
    @Test(arguments: [
        (0.0, "0.0 kbit/s"), (100, "0.8 kbit/s"), (10_000, "80 kbit/s"), (12_500, "0.1 Mbit/s"),
        (6_537_500, "52.3 Mbit/s"), (125_000_000, "1.00 Gbit/s"),
    ])
    func `speeds`(bytesPerSecond: Double, text: String) { #expect(FigureText.bitRate(bytesPerSecond) == text) }

    @Test(arguments: [(nil, "-"), (0, "0.0 %"), (0.0123, "1.2 %"), (0.5, "50 %"), (1, "100 %")] as [(Double?, String)])
    func `shares`(share: Double?, text: String) { #expect(FigureText.percent(share) == text) }

    @Test(arguments: [(nil, "-"), (0.05, "50 ms"), (0.0004, "0 ms")] as [(Double?, String)])
    func `round trips`(seconds: Double?, text: String) { #expect(FigureText.milliseconds(seconds) == text) }

    @Test(arguments: [(0.9, "0 s"), (59, "59 s"), (60, "1 min"), (3660, "1h1m"), (90_000, "1d1h"), (.nan, "-")])
    func `times`(seconds: Double, text: String) { #expect(FigureText.duration(seconds) == text) }

    @Test func `nouns`() {
        #expect([0, 1, 2].map { FigureText.count($0, "session") } == ["0 sessions", "1 session", "2 sessions"])
    }
}
