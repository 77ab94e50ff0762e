/// A mistake that a run is given on purpose, to show that it would be noticed.
package enum Sabotage: CaseIterable, Sendable {
    /// One of the bytes that reach an application.
    case changedByte, lostByte, repeatedByte
    /// The end of a stream is not told, or before its last bytes.
    case lostEnd, earlyEnd
    /// A program says that it has written what it still holds.
    case hoardedBytes
    /// A session never looks whether its peer is silent.
    case lostTimer
    /// A session dies of silence although packets come.
    case hastyDeath
    /// A stream is given up at one end, and nobody is told.
    case forgottenStream
}
