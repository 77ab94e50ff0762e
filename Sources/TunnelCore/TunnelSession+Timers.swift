import ErasureCoding
import KCP
package import PacketPrimitives
import RateControl
import Smux

extension TunnelSession {
    /// When to call `handleTimeout` if nothing else happens; `nil` for never.
    package var nextTimeout: Instant? {
        guard self.failure == nil else { return nil }
        let timeout = Instant.earliest(self.conversation.nextTimeout, self.streams.multiplexer.nextTimeout)
        let train = self.conversation.path?.nextTrain(of: self.conversation.pathMember)
        return Instant.earliest(timeout, .earliest(self.limiter?.nextAllowance ?? nil, train ?? nil))
    }

    /// Lets the timers that are due do their work. Returns whether the session has fallen idle and given back the memory
    /// that only traffic needs.
    @discardableResult
    package mutating func handleTimeout(now: Instant) -> Bool {
        guard self.failure == nil else { return false }
        let isIdle = self.conversation.handleTimeout(now: now)
        if isIdle {
            self.streams.releaseMemory()
            self.parityDecoder?.releaseMemory()
        }
        if case .failed(let error) = self.streams.multiplexer.handleTimeout(now: now) {
            self.streams.fail(.multiplexer(error))
        }
        return isIdle
    }
}
