import NetworkSimulation
import Testing

@Suite struct SamplesTests {
    @Test(arguments: [(0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.95, 95), (0.99, 99), (1, 100)])
    func `a quantile is a sample`(share: Double, expected: Int) {
        #expect(Samples.quantile(share, of: (1...100).reversed()) == expected)
    }

    @Test func `nothing has no quantile, median or fairness`() {
        #expect(Samples.quantile(0.5, of: [Int]()) == nil)
        #expect(Samples.median([]) == nil)
        #expect(Samples.fairness([]) == nil)
        #expect(Samples.fairness([0, 0]) == nil)
    }

    @Test(arguments: [([3], 3), ([5, 1, 3], 3), ([4, 1, 2, 9], 3)] as [([Double], Double)])
    func `the median is in the middle`(
        samples: [Double], expected: Double
    ) { #expect(Samples.median(samples) == expected) }

    @Test(arguments: [([1, 1, 1, 1], 1), ([1, 0, 0, 0], 0.25), ([2, 1], 0.9)] as [([Double], Double)])
    func `Jain's index`(
        shares: [Double], expected: Double
    ) throws {
        let fairness = try #require(Samples.fairness(shares))
        #expect(abs(fairness - expected) < 1e-9)
    }
}
