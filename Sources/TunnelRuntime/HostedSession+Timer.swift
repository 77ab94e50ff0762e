import NIOCore
import PacketPrimitives
import TunnelCore

extension HostedSession: NIOScheduledCallbackHandler {
    /// Sets the timer to the session's next deadline. A timer that is early enough stays: it looks again when it fires,
    /// which costs less than setting it anew for every acknowledgement.
    func setTimer() {
        guard let deadline = self.session.nextTimeout else { return }
        if let timer = self.timer {
            if timer.deadline <= deadline { return }
            timer.callback.cancel()
        }
        let time = self.port.isBlocked ? max(deadline, self.nextTry) : deadline
        let at = NIODeadline.uptimeNanoseconds(time.microseconds * 1000)
        do {
            self.timer = (time, try self.loop.isolated.scheduleCallback(at: at, handler: self))
        } catch {
            self.end(.closed)  // The loop is shutting down.
        }
    }

    /// What is due to leave stays due as long as the port takes nothing.
    private var nextTry: Instant { self.loop.now.advanced(milliseconds: DatagramPort.retryMilliseconds) }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        let now = self.loop.now
        if let timer = self.timer { self.loop.lag.add(microseconds: now.microseconds(since: timer.deadline)) }
        self.timer = nil
        guard !self.isEnded else { return }
        if self.session.handleTimeout(now: now) { self.loop.watchForRest() }
        self.loop.enqueue(self)
    }
}
