/// Something that a session has found out about its peer and the log should have.
package enum SessionNotice: Hashable, Sendable {
    /// A server's session knows what its client uses, and answers with the same.
    case profileFound(StreamProfile)
    /// Parity goes out from now on, in groups that the peer can read.
    case parityStarted(dataShards: Int, parityShards: Int)
    /// The beginning of a stream makes sense only if one of the two ends uses QPP and the other does not.
    case permutationSuspected(peerPermutes: Bool)
}
