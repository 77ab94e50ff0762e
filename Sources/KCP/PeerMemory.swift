/// Notices that the peer has lost the conversation: it was restarted or gave it up, and has made a new one of what we
/// went on sending. The original does that (protocol 08 B2), and neither end could ever deliver anything again.
///
/// A receiver never takes back what it expects. An ACK of something that we sent after the peer was known to expect
/// `first`, and which expects less, is from one that has started anew, whatever happened to the order on the way.
struct PeerMemory {
    private(set) var isLost = false
    /// The newest send time when we learnt last that the peer expects more.
    private var progressTime: UInt32?

    /// The peer expects more than before; `time` is the newest send time there is.
    mutating func noteProgress(sent time: UInt32) { self.progressTime = time }

    /// An ACK of what was sent at `time` expects less than the peer did before.
    @inline(never)
    mutating func noteRegress(echoed time: UInt32) {
        guard let progressTime, progressTime.isBefore(time) else { return }
        self.isLost = true
    }
}
