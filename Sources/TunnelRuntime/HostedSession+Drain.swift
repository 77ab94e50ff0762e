import Smux
import TunnelCore

extension HostedSession {
    /// Ends streams; returns whether everything that was accepted has been delivered. To be asked again until it has.
    func drain(_ patience: LeavingPatience) -> Bool {
        guard !self.isEnded else { return true }
        self.isLeaving = true
        let streams = self.streams
        for pump in streams where pump.isOver(patience) { pump.drain() }
        self.loop.enqueue(self)
        // Of streams that have ended at both ends only their ends are left, and who has gone does not miss them.
        let hasGone = self.hasDeliveredBytes && self.suspiciousSilence(now: self.loop.now) != nil
        return streams.isEmpty && (self.hasDeliveredAll || hasGone)
    }
}

extension StreamPump {
    fileprivate func isOver(_ patience: LeavingPatience) -> Bool {
        switch patience {
        case .endingIdle(let milliseconds): self.isIdle(milliseconds: milliseconds)
        case .endingAll: true
        }
    }
}
