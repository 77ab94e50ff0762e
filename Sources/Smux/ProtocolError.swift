/// Why a session cannot go on. Each of these is final: the byte stream below is out of step or the peer is gone
/// (protocol 04 §6, §8).
public enum ProtocolError: Error, Equatable, Sendable {
    /// The version byte of a frame is not ours: the two ends differ in `smuxver`, or the stream is garbage.
    case versionMismatch(received: UInt8, expected: UInt8)
    /// A command byte that the protocol does not have.
    case unknownCommand(UInt8)
    /// A window update in a version 1 session.
    case windowUpdateInVersion1
    /// A payload on a command that has none, or a window update of another length than eight.
    case unexpectedLength(command: UInt8, byteCount: Int)
    /// A window update that acknowledges bytes which were never sent.
    case consumedMoreThanSent(StreamID)
    /// Nothing came from the peer for a whole keep-alive period.
    case peerSilent
}

extension ProtocolError: CustomStringConvertible {
    /// What happened, for a log.
    public var description: String {
        switch self {
        case .versionMismatch(let received, let expected):
            "the peer sent a frame of smux version \(received), ours is \(expected):"
                + " give both ends the same -smuxver, -nocomp and -QPP"
        case .unknownCommand(let command): "the peer sent an unknown smux command \(command)"
        case .windowUpdateInVersion1: "the peer sent a window update in a smux version 1 session"
        case .unexpectedLength(let command, let byteCount):
            "the peer sent smux command \(command) with a length of \(byteCount)"
        case .consumedMoreThanSent(let stream): "the peer consumed more than was sent on stream \(stream)"
        case .peerSilent: "the peer has been silent for longer than the keep-alive timeout"
        }
    }
}
