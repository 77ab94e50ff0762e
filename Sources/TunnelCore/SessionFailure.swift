package import Smux
package import SnappyFraming

/// Why a session cannot go on. Its streams end; a client makes a new session.
package enum SessionFailure: Equatable, Sendable {
    /// The peer's bytes are not smux, or nothing came for the keep-alive time-out (protocol 04 §6, §8).
    case multiplexer(Smux.ProtocolError)
    /// The peer's bytes are not a snappy stream (protocol 05 §1).
    case compression(SnappyFraming.DecodeError)
    /// The peer's stream begins neither as snappy nor as smux.
    case unknownStream(firstByte: UInt8)
    /// The peer's stream is made in another way than ours, and this end does not adapt.
    case profileMismatch(peer: StreamProfile)
    /// One end permutes payload (QPP) and the other does not.
    case permutationMismatch(peerPermutes: Bool)
    /// The server says that it insists on another profile than ours.
    case refusedByServer
    /// The server knows nothing of the session any more: restarted, or it could not read what we sent.
    case forgottenByServer
    /// The server has never said anything that can be read.
    case neverAnswered
    /// The program closed it.
    case closed
}
