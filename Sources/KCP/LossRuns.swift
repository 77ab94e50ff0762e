/// Whether transmissions get lost one by one or many in a row, as on a radio link that fades or at a full queue.
struct LossRuns {
    private var last: UInt32?
    /// The share of losses that followed another one directly, of the last few dozen.
    private var share = 0.0

    private static let weight = 1.0 / 32
    /// By chance as many follow another one as get lost at all, and where that is more than a fifth nobody asks.
    private static let longShare = 0.3

    /// The transmission with this tag is lost; called in their order.
    mutating func note(_ tag: UInt32) {
        let follows = self.last == tag &- 1
        self.share += Self.weight * ((follows ? 1 : 0) - self.share)
        self.last = tag
    }

    var areLong: Bool { self.share > Self.longShare }
}
