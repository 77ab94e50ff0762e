import Glibc

/// Waits for the machine to do nothing else, as long as the patience lasts.
package struct QuietMoment: Sendable {
    /// Seconds that may still be spent waiting.
    private var patience: Double

    /// Processors that others may keep busy.
    private static let acceptableLoad = 0.2

    package init(patience: Double) { self.patience = patience }

    /// Returns when little is done, or the patience is at its end.
    package mutating func wait() {
        while patience > 0, Self.load(seconds: 0.1) > Self.acceptableLoad {
            Nanoseconds.sleep(seconds: 0.9)
            patience -= 1
        }
    }

    /// Processors that are busy while this program sleeps and no tunnel runs.
    private static func load(seconds: Double) -> Double {
        let before = (Nanoseconds.now, SystemFiles.machineProcessorTime())
        Nanoseconds.sleep(seconds: seconds)
        return (SystemFiles.machineProcessorTime() - before.1).seconds / (Nanoseconds.now - before.0).seconds
    }
}
