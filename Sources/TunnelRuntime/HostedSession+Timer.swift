import NIOCore
import PacketPrimitives
import TunnelCore

extension HostedSession: NIOScheduledCallbackHandler {
    /// Microseconds that no loop that runs keeps a timer waiting.
    private static let longPause = 1_000_000

    /// Sets the timer to the session's next deadline. A timer that is early enough stays: it looks again when it fires,
    /// which costs less than setting it anew for every acknowledgement.
    func setTimer() {
        guard let deadline = self.session.nextTimeout else { return }
        if let timer = self.timer {
            if timer.deadline <= deadline { return }
            timer.callback.cancel()
        }
        self.setTimer(to: self.port.isBlocked ? max(deadline, self.nextTry) : deadline)
    }

    private func setTimer(to time: Instant) {
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
        let lateness = self.timer.map { now.microseconds(since: $0.deadline) } ?? 0
        if self.timer != nil { self.loop.lag.add(microseconds: lateness) }
        self.timer = nil
        guard !self.isEnded else { return }
        // The process was stopped, or the machine: what has come meanwhile is read first, as it may be what is missed.
        guard lateness < Self.longPause else { return self.setTimer(to: now.advanced(milliseconds: 1)) }
        if self.session.handleTimeout(now: now) { self.loop.watchForRest() }
        self.loop.enqueue(self)
    }
}
