import PacketPrimitives
import RateControl

// How far the peer's window lets a conversation send whose sending a path controller directs.
//
// The peer takes what lies within its window beyond the number that it expects when a segment arrives, not beyond the one
// that it told a round trip ago. By then it has got what was sent again before that segment. To wait until it says so costs a
// second round trip for every hole: with 2048 segments at 100 Mbit/s, 200 ms and 5 % loss half of the link (simulated: 44
// and 88 % of it).
extension Conversation {
    /// How many more segments may get a number now.
    var segmentRoom: Int {
        let own = min(self.configuration.sendWindow, self.windowLimit) - self.sending.inFlightCount
        let peer = Int(self.remoteWindow) - self.sending.next.distance(after: self.sending.presumedFirst)
        return min(own, peer)
    }

    /// Whether the windows have room for a segment that has no number yet.
    package var peerTakesMore: Bool {
        // Mostly what is acknowledged already says so.
        self.sending.inFlightCount < self.peerLimitedWindow || self.segmentRoom > 0
    }

    /// Whether the windows are too small for the path by so much that what gets lost keeps back what follows.
    func isWindowNarrow(_ path: PathController) -> Bool {
        let window = Double(self.peerLimitedWindow * self.sending.segmentByteCount)
        let needed = 3 * path.rate * (path.roundTrip.minimum ?? 0) / 1e6
        return window < needed || 8 * self.sending.inFlightCount > 7 * self.peerLimitedWindow
    }

    /// Passes over what has arrived, and what has been sent again and so will have arrived before anything that is sent now,
    /// unless datagrams overtake each other. With many losses it is seldom true of all.
    mutating func advancePresumption(now: Instant, path: PathController) {
        while let number = self.sending.presumedOpen {
            guard self.sending.isSentAgain(number), !self.hasHeavyLoss(path),
                self.age(of: number, now: now) >= Int(self.control.detector.lateness)
            else { return }
            self.sending.passPresumed()
        }
    }

    /// What the peer expects has been sent again and lost again: whatever lies a whole window beyond it was in vain and did
    /// not get lost on the path, about which it says nothing.
    mutating func noteRefusals(path: PathController) {
        let (expected, window) = (self.sending.first, max(self.control.widestPeerWindow, self.remoteWindow))
        self.control.widestPeerWindow = window
        guard self.sending.inFlightCount > Int(window), self.sending.records[expected].isLostAgain else { return }
        let end = expected &+ window
        var tag = self.control.log.first
        while tag != self.control.log.next {
            let record = self.control.log[tag]
            if record.state == .outstanding, !record.number.isBefore(end) { self.withdraw(tag, record, path: path) }
            tag &+= 1
        }
        self.sending.sortDue()
    }

    /// Whether a transmission came while the peer still waited for something a whole window before it.
    func wasRefused(_ record: TransmissionRecord, path: PathController) -> Bool {
        guard path.roundTrip.minimum != nil else { return false }
        let latest = path.roundTrip.smoothed + path.roundTrip.acknowledgementDelay
        let told = record.stamp.sent.advanced(microseconds: Int(latest))
        return self.control.expected.isBeyond(record.number, window: self.control.widestPeerWindow, at: told)
    }

    /// The peer has not taken a transmission; the segment is as if it had never been sent.
    mutating func withdraw(_ tag: UInt32, _ record: TransmissionRecord, path: PathController) {
        self.control.inFlightByteCount -= Int(record.byteCount)
        path.dismiss(record.stamp, byteCount: Int(record.byteCount), isSuspect: false)
        self.control.log.setState(.lost, of: tag)
        guard self.sending.isInFlight(record.number), self.sending.records[record.number].sendTime == tag else {
            return
        }
        if self.sending.scheduleLost(record.number) { self.sending.records[record.number].transmissionCount = 0 }
    }
}
