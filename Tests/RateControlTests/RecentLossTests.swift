import PacketPrimitives
import Testing

@testable import RateControl

@Suite struct RecentLossTests {
    /// One transmission after another, so many milliseconds apart.
    private static func loss(_ weights: [Double], every milliseconds: Int = 10) -> RecentLoss {
        var loss = RecentLoss()
        for (index, weight) in weights.enumerated() {
            loss.add(lost: weight, sent: Instant(milliseconds: UInt64(1000 + index * milliseconds)))
        }
        return loss
    }

    private static func clean(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }

    @Test func `nothing is known at first, and no loss only after a window without any`() {
        #expect(Self.loss([]).share == nil)
        #expect(Self.loss(Self.clean(255)).share == nil)
        #expect(Self.loss(Self.clean(256)).share == 0)
    }

    @Test func `hundreds within a moment are not enough`() {
        #expect(Self.loss(Self.clean(1990), every: 1).share == nil)
        #expect(Self.loss(Self.clean(2010), every: 1).share == 0)
    }

    @Test func `suspicions count by their weight`() {
        let weights = (0..<100).map { $0 % 10 == 0 ? 0.5 : 0 }
        #expect(Self.loss(weights).share == 0.05)
    }

    @Test func `an old loss is forgotten after two windows`() {
        let weights = [1] + Self.clean(255 + 255)
        #expect(Self.loss(weights).share ?? 0 > 0)
        #expect(Self.loss(weights + [0]).share == 0)
    }
}
