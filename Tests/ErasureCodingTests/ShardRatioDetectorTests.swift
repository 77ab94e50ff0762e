import Testing

@testable import ErasureCoding

@Suite struct ShardRatioDetectorTests {
    /// The headers of a sender with these counts.
    private static func headers(_ ratio: Ratio, _ numbers: some Sequence<UInt32>) -> [ShardHeader] {
        let numbering = ShardNumbering(dataShards: ratio.data, parityShards: ratio.parity)
        return numbers.map {
            ShardHeader(sequenceNumber: $0, kind: numbering.kind(at: numbering.position(of: $0)))
        }
    }

    private static func detect(_ headers: [ShardHeader]) -> [Int]? {
        var detector = ShardRatioDetector()
        for header in headers { detector.record(header) }
        return detector.detect().map { [$0.dataShards, $0.parityShards] }
    }

    @Test(arguments: [Ratio(1, 1), Ratio(1, 3), Ratio(3, 2), Ratio(10, 3), Ratio(100, 20)])
    func `a run of each kind between runs of the other tells the counts`(_ ratio: Ratio) {
        let end = UInt32(2 * (ratio.data + ratio.parity))
        #expect(Self.detect(Self.headers(ratio, 0...end)) == [ratio.data, ratio.parity])
        #expect(Self.detect(Self.headers(ratio, 0...end - UInt32(ratio.parity) - 1)) == nil)
    }

    @Test func `order and repetition do not matter`() {
        var random = SeededGenerator(state: 3)
        let headers = Self.headers(Ratio(10, 3), (0...60).map { $0 &- 30 &+ 260_000 })
        #expect(Self.detect((headers + headers).shuffled(using: &random)) == [10, 3])
    }

    @Test func `runs with a packet missing do not count, whole ones do`() {
        let numbers = (0...52 as ClosedRange<UInt32>).filter { ![5, 12, 18, 24].contains($0) }
        #expect(Self.detect(Self.headers(Ratio(10, 3), numbers)) == [10, 3])
        let without = numbers.filter { $0 < 39 }
        #expect(Self.detect(Self.headers(Ratio(10, 3), without)) == nil)
    }

    @Test func `the newest of several counts is taken`() {
        let old = Self.headers(Ratio(3, 2), 0...49)
        let new = Self.headers(Ratio(4, 1), 50...90)
        #expect(Self.detect(old + new) == [4, 1])
    }

    @Test func `runs that do not fit the numbering are not believed`() {
        let headers = Self.headers(Ratio(3, 2), 0...20).map {
            ShardHeader(sequenceNumber: $0.sequenceNumber + 1, kind: $0.kind)
        }
        #expect(Self.detect(headers) == nil)
    }

    @Test func `old samples are forgotten`() {
        let headers = Self.headers(Ratio(3, 2), 0...20) + Self.headers(Ratio(3, 2), (0..<258).map { $0 * 5 + 1000 })
        #expect(Self.detect(headers) == nil)
    }
}

private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return self.state
    }
}
