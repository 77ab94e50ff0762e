/// The original's optional congestion window, in segments (protocol 03 §6). Switched off in every preset.
struct CongestionWindow {
    private(set) var isEnabled = false
    private(set) var window: UInt32 = 0
    private(set) var threshold: UInt32 = 2
    /// The window in bytes: it grows by fractions of a segment.
    private(set) var increment: UInt32 = 0
    private let segmentByteCount: UInt32
    /// What a fast retransmit adds; with fast resend off the original adds 2³² − 1.
    private var inflation: UInt32 = 0

    init(isEnabled: Bool, segmentByteCount: Int, fastResend: Int) {
        self.segmentByteCount = UInt32(segmentByteCount)
        self.setMode(isEnabled: isEnabled, fastResend: fastResend)
    }

    /// A window that is switched on starts from where it was, at first from the smallest.
    mutating func setMode(isEnabled: Bool, fastResend: Int) {
        self.isEnabled = isEnabled
        self.inflation = fastResend > 0 ? UInt32(fastResend) : .max
    }

    /// `limit`, or less if the congestion window is smaller.
    func applied(to limit: Int) -> Int { self.isEnabled ? min(limit, Int(self.window)) : limit }

    /// One step of growth for a packet that acknowledged something.
    mutating func grow(remoteWindow: UInt32) {
        guard self.isEnabled, self.window < remoteWindow else { return }
        if self.window < self.threshold {
            self.window &+= 1
            self.increment &+= self.segmentByteCount
        } else {
            self.increment = max(self.increment, self.segmentByteCount)
            self.increment &+=
                self.segmentByteCount &* self.segmentByteCount / self.increment &+ self.segmentByteCount / 16
            if (self.window &+ 1) &* self.segmentByteCount <= self.increment {
                self.window = (self.increment &+ self.segmentByteCount &- 1) / self.segmentByteCount
            }
        }
        if self.window > remoteWindow {
            self.window = remoteWindow
            self.increment = remoteWindow &* self.segmentByteCount
        }
    }

    /// Reacts to what a full flush had to send again. `appliedWindow` is the window that the flush used.
    mutating func reduce(resentCount: Int, timeoutCount: Int, inFlightCount: Int, appliedWindow: Int) {
        guard self.isEnabled else { return }
        if resentCount > 0 {
            self.threshold = max(UInt32(inFlightCount) / 2, 2)
            self.window = self.threshold &+ self.inflation
            self.increment = self.window &* self.segmentByteCount
        }
        if timeoutCount > 0 {
            self.threshold = max(UInt32(appliedWindow) / 2, 2)
            self.window = 1
            self.increment = self.segmentByteCount
        }
        if self.window < 1 {
            self.window = 1
            self.increment = self.segmentByteCount
        }
    }
}
