// What a direction can carry: its capacity × (1 − loss) × the share of a full datagram that is payload.
extension LinkScenario {
    /// Stream bytes per IP byte of a full datagram of a tunnel with the original's defaults (mtu 1350, FEC on): 1298 of
    /// 1378 (protocol 03 §8). The same for all variants, so that their shares can be compared.
    package static let payloadShare = 1298.0 / 1378.0
}

extension LinkScenario.Path {
    /// Payload, bits per second on average between two times of a run.
    package func limit(from start: Double, until end: Double) -> Double {
        guard end > start else { return 0 }
        let times = [start] + self.changes.filter { $0 > start && $0 < end }.sorted() + [end]
        var bits = 0.0
        for (begin, finish) in zip(times, times.dropFirst()) { bits += self.capacity(at: begin) * (finish - begin) }
        return bits / (end - start) * (1 - self.loss.share) * LinkScenario.payloadShare
    }

    private var changes: [Double] {
        self.steps.map(\.atSeconds) + self.blackouts.flatMap { [$0.lowerBound, $0.upperBound] }
    }

    /// IP bits per second that pass from `seconds` on until the next change.
    private func capacity(at seconds: Double) -> Double {
        guard !self.blackouts.contains(where: { $0.contains(seconds) }) else { return 0 }
        let megabits = self.steps.last { $0.atSeconds <= seconds }?.megabitsPerSecond ?? self.megabitsPerSecond
        return min(megabits * 1e6, self.policer.map { Double($0.bitsPerSecond) } ?? .infinity)
    }
}
