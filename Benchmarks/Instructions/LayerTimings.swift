import Glibc
import PacketPrimitives

/// Nanoseconds per datagram (or frame) of each layer alone: the best of several rounds, by this thread's processor
/// time, so that other programs disturb little.
struct LayerTimings {
    let filter: String

    func run() throws {
        try self.timeSessions()
        self.timeEnvelopes()
        self.timeReplays()
        try self.timeParity()
        self.timeConversations()
        try self.timeMultiplexers()
        self.timeCompression()
        try self.timeDatagrams()
    }

    /// Whether the layer was asked for.
    func includes(_ name: String) -> Bool { self.filter.isEmpty || name.contains(self.filter) }

    func report(_ name: String, _ nanoseconds: Double, per unit: String = "datagram") {
        let padding = String(repeating: " ", count: max(1, 44 - name.utf8.count))
        print("\(name)\(padding)\(Int(nanoseconds.rounded())) ns per \(unit)")
    }

    /// Runs `work` in rounds and returns the best round's nanoseconds per item.
    func best(of rounds: Int = 15, items: Int, _ work: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = Self.processorNanoseconds()
            work()
            best = min(best, Self.processorNanoseconds() - start)
        }
        return best / Double(items)
    }

    static func processorNanoseconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
