import KCP
package import PacketPrimitives
import Smux

extension TunnelSession {
    /// When to call `handleTimeout` if nothing else happens; `nil` for never.
    package var nextTimeout: Instant? {
        guard self.failure == nil else { return nil }
        let timeout = Instant.earliest(self.conversation.nextTimeout, self.streams.multiplexer.nextTimeout)
        return Instant.earliest(timeout, .earliest(self.limiter?.nextAllowance() ?? nil, self.pacer.nextBurst))
    }

    /// Lets the timers that are due do their work.
    package mutating func handleTimeout(now: Instant) {
        guard self.failure == nil else { return }
        self.conversation.handleTimeout(now: now)
        if case .failed(let error) = self.streams.multiplexer.handleTimeout(now: now) {
            self.streams.fail(.multiplexer(error))
        }
    }
}
