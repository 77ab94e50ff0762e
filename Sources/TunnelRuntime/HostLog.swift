import DatagramIO
package import Logging
import PacketPrimitives
import TunnelCore

/// What the hosts have to say, in the original's words where it had some (protocol 06 §6).
package struct HostLog: Sendable {
    /// Sessions, sockets, trouble.
    package var general: Logger
    /// One line per stream opened, closed or failed, at the level debug; silenced by `--quiet`.
    package var streams: Logger
    let limiter = NoticeLimiter()

    package init(general: Logger, streams: Logger) {
        self.general = general
        self.streams = streams
    }

    func streamOpened(_ stream: StreamDescription) {
        self.streams.debug("stream opened in: \(stream.inbound) out: \(stream.outbound)")
    }

    func streamClosed(_ stream: StreamDescription) {
        self.streams.debug("stream closed in: \(stream.inbound) out: \(stream.outbound)")
    }

    func pipe(_ error: any Error, _ stream: StreamDescription) {
        self.streams.debug("pipe: \(ErrorText.reason(of: error)) in: \(stream.inbound) out: \(stream.outbound)")
    }

    /// Explains something about a peer once; as long as it happens again and again, once a minute with how often.
    /// - Parameter subject: what it is about. With the peer's host it decides what counts as the same.
    func explain(_ subject: String, about peer: PeerAddress, now: Instant, _ text: String) {
        guard let unsaidCount = self.limiter.note("\(subject) \(peer.host)", now: now) else { return }
        let again = unsaidCount == 0 ? "" : " (and \(unsaidCount) times since this was said last)"
        self.general.warning("\(text)\(again)")
    }

    /// Says that something is refused so that the rest goes on working: once, then once a minute with how often.
    func shed(_ subject: String, now: Instant, _ text: @autoclosure () -> String) {
        guard let unsaidCount = self.limiter.note(subject, now: now) else { return }
        let again = unsaidCount == 0 ? "" : " (and \(unsaidCount) times since this was said last)"
        self.general.warning("\(text())\(again)")
    }

    /// A session is over for a reason that somebody has to know. If it never worked it will be tried again and again.
    func sessionEnded(_ failure: SessionFailure, _ session: HostedSession, now: Instant) {
        guard let reason = failure.explanation(of: session) else { return }
        let text = "session closed: \(session.port.socket.localAddress) -> \(session.peer): \(reason)"
        if session.hasHeardFrames, !failure.isMismatch {
            self.general.warning("\(text)")
        } else {
            self.explain("session closed: \(reason)", about: session.peer, now: now, text)
        }
    }
}

extension SessionFailure {
    /// What happened to `session`; `nil` when we closed it ourselves.
    func explanation(of session: HostedSession) -> String? {
        let configuration = session.loop.configuration
        return self.explanation(
            role: configuration.role, own: configuration.profile, hasHeardFrames: session.hasHeardFrames)
    }
}
