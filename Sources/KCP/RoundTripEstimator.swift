/// Round-trip time, its variation and the retransmission timeout made of them, as the original's integers do it
/// (protocol 03 §5). All in milliseconds.
struct RoundTripEstimator {
    private(set) var smoothed: Int32 = 0
    private(set) var variation: Int32 = 0
    private(set) var timeout: UInt32 = 200
    private var minimumTimeout: UInt32 = 100
    private var interval: UInt32 = 0
    /// The smallest sample; `nil` before the first.
    private(set) var minimum: Int32?

    static let maximumTimeout: UInt32 = 60000

    init(noDelay: Bool, intervalMilliseconds: Int) {
        self.setMode(noDelay: noDelay, intervalMilliseconds: intervalMilliseconds)
    }

    /// Counts from the next sample on.
    mutating func setMode(noDelay: Bool, intervalMilliseconds: Int) {
        self.minimumTimeout = noDelay ? 30 : 100
        self.interval = UInt32(intervalMilliseconds)
    }

    /// Takes a sample. The peer controls what it echoes, so nothing here may trap on a senseless one.
    mutating func addSample(_ sample: Int32) {
        self.minimum = min(self.minimum ?? sample, sample)
        if self.smoothed == 0 {
            self.smoothed = sample
            self.variation = sample >> 1
        } else {
            let difference = sample &- self.smoothed
            self.smoothed &+= difference >> 3
            let deviation = difference < 0 ? 0 &- difference : difference
            let shift: Int32 = sample < self.smoothed &- self.variation ? 5 : 2
            self.variation &+= (deviation &- self.variation) >> shift
        }
        let slack = max(self.interval, UInt32(bitPattern: self.variation) &<< 2)
        let timeout = UInt32(bitPattern: self.smoothed) &+ slack
        self.timeout = min(max(timeout, self.minimumTimeout), Self.maximumTimeout)
    }
}
