import DatagramIO
import Logging
import NIOCore
import PacketPrimitives

// To another socket.
extension ClientConnection {
    /// The machine may have come to another network, or have got another route, or something on the way may let this port
    /// through no more. A server of ours follows the session to another socket.
    func moveIfNeeded(silence: Int) {
        let isGone = self.localAddress.isGone
        guard !self.isMoving, !self.configuration.disguisesAsTCP, isGone || self.session.isFollowed else { return }
        self.isMoving = true
        ClientLink.dial(self.session.peer, self.configuration, on: self.loop) { result in
            self.isMoving = false
            // Without a way there yet: to be tried again.
            guard case .success(let link) = result else { return }
            let isOther = link.carrier.localAddress.host != self.localAddress.host
            let reason = self.movingRule.reason(
                isGone: isGone, isOther: isOther, isFollowed: self.session.isFollowed, silence: silence)
            if let reason { self.move(to: link, because: reason) } else { link.close() }
        }
    }

    private func move(to link: ClientLink, because reason: MovingReason) {
        self.isMoving = true
        let port = DatagramPort(loop: self.loop, socket: link.carrier, isConnected: true)
        port.receiver = self
        port.open().assumeIsolated().whenComplete { result in
            self.isMoving = false
            guard case .success = result, !self.session.isEnded else { return port.close() }
            let former = self.port
            self.log.general.info(
                "session \(former.socket.localAddress) -> \(self.session.peer) goes on from \(link.carrier.localAddress): \(reason.rawValue)"
            )
            self.leftSockets += former.socket.statistics
            self.port = port
            self.link = link
            self.session.move(to: port, isOtherRoute: reason != .silence)
            former.close()
        }
    }
}
