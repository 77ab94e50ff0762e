/// Asks a peer whose window is closed when it opens, and remembers that the peer wants to know ours (protocol 03 §3).
struct WindowProbe {
    /// A WASK is to be sent.
    var mustAsk = false
    /// A WINS is to be sent.
    var mustTell = false
    /// Milliseconds between two questions; 0 while the peer's window is open.
    private(set) var wait: UInt64 = 0
    /// When to ask next, milliseconds.
    private(set) var deadline: UInt64 = 0

    static let firstWait: UInt64 = 500
    static let longestWait: UInt64 = 120_000

    /// The probe step of a flush.
    mutating func advance(remoteWindow: UInt32, now: UInt64) {
        guard remoteWindow == 0 else {
            self.wait = 0
            return
        }
        if self.wait == 0 {
            self.wait = Self.firstWait
            self.deadline = now + self.wait
        } else if now >= self.deadline {
            self.wait = min(self.wait + self.wait / 2, Self.longestWait)
            self.deadline = now + self.wait
            self.mustAsk = true
        }
    }
}
