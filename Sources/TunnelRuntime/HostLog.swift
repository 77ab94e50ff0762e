package import Logging
import PacketPrimitives
import TunnelCore

/// What the hosts have to say, in the original's words where it had some (protocol 06 §6).
package struct HostLog: Sendable {
    /// Sessions, sockets, trouble.
    package var general: Logger
    /// One line per stream opened, closed or failed; silenced by `--quiet`.
    package var streams: Logger

    package init(general: Logger, streams: Logger) {
        self.general = general
        self.streams = streams
    }

    func streamOpened(_ stream: StreamDescription) {
        self.streams.info("stream opened in: \(stream.inbound) out: \(stream.outbound)")
    }

    func streamClosed(_ stream: StreamDescription) {
        self.streams.info("stream closed in: \(stream.inbound) out: \(stream.outbound)")
    }

    func pipe(_ error: any Error, _ stream: StreamDescription) {
        self.streams.info("pipe: \(ErrorText.reason(of: error)) in: \(stream.inbound) out: \(stream.outbound)")
    }

    func sessionEnded(_ failure: SessionFailure, local: PeerAddress, peer: PeerAddress) {
        guard let reason = failure.explanation else { return }
        self.general.warning("session closed: \(local) -> \(peer): \(reason)")
    }
}

extension SessionFailure {
    /// What happened and what to change, for the operator; `nil` when we closed it ourselves.
    var explanation: String? {
        switch self {
        case .multiplexer(let error):
            "\(error)"
        case .compression(let error):
            "\(error)"
        case .closed:
            nil
        }
    }
}
