/// The part of the queue that does not go away however little we send: other flows hold it, or the path has become longer,
/// or delays vary in a way that looks like a queue.
///
/// A queue of our own shortens by as much time as we hold back. One that has not halved after one and a half times that
/// is not ours, and holding back more would only starve us: beside a BBR flow 2 % of the link were left.
struct ForeignQueue {
    /// Microseconds.
    private(set) var value = 0.0
    private var episode: Episode?

    private struct Episode {
        var withheld: Int32
        var largest: Double
        var bandwidth: Double
        var roundCount = 0

        mutating func restart(withheld: Int32) {
            self.withheld = withheld
            self.largest = 0
            self.roundCount = 0
        }
    }

    private static let effort = 1.5
    /// Others like us have held back as well by then, and there is no queue any more.
    private static let leastRoundCount = 6
    private static let least = 1000.0
    private static let falling = 1.0 / 8

    /// A round has ended. Returns the bandwidth from before we held back, if that has turned out to be in vain.
    /// - Parameters:
    ///   - queueing: the shortest queue of the round, this part included.
    ///   - limit: how long it may be.
    ///   - withheld: see `SendStamp`.
    ///   - isHeldBack: much is taken off the rate. A little is always, where the rate is overestimated.
    mutating func endRound(
        queueing: Double, limit: Double, withheld: Int32, isHeldBack: Bool, bandwidth: Double
    ) -> Double? {
        self.value -= max(0, self.value - queueing) * Self.falling
        if self.value < Self.least { self.value = 0 }
        guard queueing > limit else {
            self.episode = nil
            return nil
        }
        var episode = self.episode ?? Episode(withheld: withheld, largest: queueing, bandwidth: bandwidth)
        // It does go away: what is left of it has to show the same again.
        if queueing < episode.largest / 2 { episode.restart(withheld: withheld) }
        episode.largest = max(episode.largest, queueing)
        episode.roundCount += 1
        self.episode = episode
        guard isHeldBack, episode.roundCount >= Self.leastRoundCount,
            Double(withheld &- episode.withheld) > Self.effort * episode.largest
        else { return nil }
        self.accept(queueing)
        return episode.bandwidth
    }

    /// So much of the queue is not ours.
    mutating func accept(_ queueing: Double) {
        self.value = queueing
        self.episode = nil
    }

    /// The rate was found to be another: what was held back so far says nothing.
    mutating func restart(withheld: Int32) { self.episode?.restart(withheld: withheld) }

    /// The path was seen with hardly anything of ours in it.
    mutating func limit(to queueing: Double) { self.value = min(self.value, max(0, queueing)) }
}
