import Testing

@testable import KCP

@Suite struct RoundTripEstimatorTests {
    @Test func `before a sample the timeout is 200 ms`() {
        #expect(RoundTripEstimator(noDelay: true, intervalMilliseconds: 10).timeout == 200)
    }

    @Test func `the first sample sets time and variation`() {
        var estimator = RoundTripEstimator(noDelay: false, intervalMilliseconds: 50)
        estimator.addSample(70)
        #expect(estimator.smoothed == 70 && estimator.variation == 35 && estimator.timeout == 210)
    }

    @Test func `later samples are smoothed with arithmetic shifts`() {
        var estimator = RoundTripEstimator(noDelay: false, intervalMilliseconds: 50)
        for sample: Int32 in [70, 50, 50] { estimator.addSample(sample) }
        #expect(estimator.smoothed == 64 && estimator.variation == 27 && estimator.timeout == 172)
    }

    @Test func `a much smaller sample hardly changes the variation`() {
        var estimator = RoundTripEstimator(noDelay: true, intervalMilliseconds: 10)
        estimator.addSample(1000)
        estimator.addSample(10)
        // srtt 1000 + (−990 >> 3) = 876; 10 < 876 − 500, so 500 + (990 − 500) >> 5.
        #expect(estimator.smoothed == 876 && estimator.variation == 515)
    }

    @Test(arguments: [(true, UInt32(30)), (false, 100)])
    func `the timeout has a lower bound`(noDelay: Bool, bound: UInt32) {
        var estimator = RoundTripEstimator(noDelay: noDelay, intervalMilliseconds: 10)
        for _ in 0..<50 { estimator.addSample(2) }
        #expect(estimator.timeout == bound)
    }

    @Test func `a sample of 0 leaves the next one first`() {
        var estimator = RoundTripEstimator(noDelay: true, intervalMilliseconds: 10)
        estimator.addSample(0)
        estimator.addSample(40)
        #expect(estimator.smoothed == 40 && estimator.variation == 20)
    }

    @Test func `the smallest sample is kept`() {
        var estimator = RoundTripEstimator(noDelay: true, intervalMilliseconds: 10)
        #expect(estimator.minimum == nil)
        for sample: Int32 in [70, 50, 90] { estimator.addSample(sample) }
        #expect(estimator.minimum == 50)
    }

    @Test func `senseless samples do not trap`() {
        var estimator = RoundTripEstimator(noDelay: false, intervalMilliseconds: 100)
        for sample in [Int32.max, 0, Int32.max, 1, Int32.max] { estimator.addSample(sample) }
        #expect(estimator.timeout <= RoundTripEstimator.maximumTimeout)
        #expect(estimator.timeout >= 100)
    }
}
