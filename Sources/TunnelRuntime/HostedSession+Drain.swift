import Smux
import TunnelCore

extension HostedSession {
    /// Ends the streams that are idle, or all of them; returns whether everything that was accepted has been delivered.
    /// To be asked again until it has.
    func drain(endingAllStreams: Bool) -> Bool {
        guard !self.isEnded else { return true }
        for pump in self.streams where endingAllStreams || pump.isIdle { pump.drain() }
        self.loop.enqueue(self)
        return self.streams.isEmpty && self.isSettled
    }
}
