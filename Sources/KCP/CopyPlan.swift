/// How the segments of sparse traffic are protected: each new datagram may carry earlier segments that are still under
/// way too, and may be repeated a little later, so that a loss does not cost a round trip.
struct CopyPlan: Equatable {
    /// How many earlier segments a datagram takes along.
    var bundledCount: Int
    /// How often a datagram is repeated if its segment is still under way then.
    var copyCount: Int
    /// Copies after so many are sent only while there is plenty of budget.
    var firmCopyCount: Int

    static let none = CopyPlan(bundledCount: 0, copyCount: 0, firmCopyCount: 0)

    /// When copies are sent, microseconds after the first.
    static let delays: InlineArray<3, Int> = [4000, 10_000, 15_000]
    static let largestBundle = 3
    /// Larger ones are not sparse traffic's.
    static let largestSegmentByteCount = 400
    /// With a shorter round trip a retransmission comes as early, microseconds.
    private static let leastRoundTrip = 8000.0
    /// Loss at which one copy leaves more than one message in thousands without any, and where a second is due.
    private static let lossForBundles = 0.015
    private static let lossForTwoCopies = 0.2

    /// - Parameters:
    ///   - loss: the share that gets lost; `nil` if too little is known, which is taken for some.
    ///   - minimumRoundTrip: microseconds.
    init(loss: Double?, minimumRoundTrip: Double?) {
        if loss == 0 || minimumRoundTrip ?? .infinity < Self.leastRoundTrip {
            self = .none
        } else if let loss, loss < Self.lossForBundles {
            self = Self(bundledCount: 0, copyCount: 1, firmCopyCount: 1)
        } else {
            // Losses in bursts of datagrams are outlived by more of them.
            let isHeavy = loss ?? 0 >= Self.lossForTwoCopies
            self = Self(
                bundledCount: Self.largestBundle, copyCount: loss == nil ? 2 : Self.delays.count,
                firmCopyCount: isHeavy ? 2 : 1)
        }
    }

    private init(bundledCount: Int, copyCount: Int, firmCopyCount: Int) {
        self.bundledCount = bundledCount
        self.copyCount = copyCount
        self.firmCopyCount = firmCopyCount
    }
}
