/// Tells when the search for the rate has found it: three rounds without a quarter more.
struct StartupWatch {
    private var best = 0.0
    private var roundsWithoutGrowth = 0

    /// A round has ended; says whether the rate has stopped growing.
    mutating func endRound(rate: Double, isApplicationLimited: Bool) -> Bool {
        if isApplicationLimited { return false }
        if rate >= self.best * 1.25 {
            self.best = rate
            self.roundsWithoutGrowth = 0
        } else {
            self.roundsWithoutGrowth += 1
        }
        return self.roundsWithoutGrowth >= 3
    }
}
