import PacketPrimitives
import RateControl
import TunnelCore

/// What all sessions of one host with one other share: what directs their sending.
package final class SimulatedHost {
    private var controller: PathController?

    package init() {}

    /// The controller, made by the first session that wants one; `nil` for sessions that send by the original's rules.
    func path(for configuration: SessionConfiguration, now: Instant) -> PathController? {
        if self.controller == nil { self.controller = configuration.makePath(now: now) }
        return self.controller
    }
}
