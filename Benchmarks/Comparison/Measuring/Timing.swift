/// How often and how long is measured. A window bounds the bytes as well: each program carries what it can.
struct Timing: Sendable {
    var runs: Int
    /// Seconds of load before the window.
    var warmUp: Double
    var window: Double
    var idleWindow: Double

    static let full = Timing(runs: 5, warmUp: 0.3, window: 1, idleWindow: 2)
    static let quick = Timing(runs: 1, warmUp: 0.2, window: 0.6, idleWindow: 2)
}
