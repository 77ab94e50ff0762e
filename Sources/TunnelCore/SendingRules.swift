/// What decides when a session sends (`-cc`).
package enum SendingRules: Hashable, Sendable {
    /// The original's: a full window whatever the path carries, timers and skip counts.
    case original
    /// A model of the path, found by its acknowledgements.
    case modelled
    /// Bytes per second of IP datagrams, whatever gets lost.
    case fixed(bytesPerSecond: Int)
}
