package import Smux
package import SnappyFraming

/// Why a session cannot go on. Its streams end; a client makes a new session.
package enum SessionFailure: Equatable, Sendable {
    /// The peer's bytes are not smux as set here, or nothing came for the keep-alive time-out (protocol 04 §6, §8).
    case multiplexer(Smux.ProtocolError)
    /// The peer's bytes are not a snappy stream (protocol 05 §1).
    case compression(SnappyFraming.DecodeError)
    /// The program closed it.
    case closed
}
