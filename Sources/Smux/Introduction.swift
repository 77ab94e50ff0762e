/// What a program of this project can do beyond the original protocol.
public struct Capabilities: OptionSet, Hashable, Sendable {
    /// One bit for each capability, 8 at most.
    public let rawValue: UInt32

    /// The capabilities whose bits are set.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A FIN ends one direction; the other goes on.
    public static let halfClose = Capabilities(rawValue: 1 << 0)
    /// A second FIN on a stream says that its sender does not read any more either. Without it, a peer that
    /// closes one direction at a time would never learn that nobody wants its data.
    public static let abort = Capabilities(rawValue: 1 << 1)

    /// Payload is permuted (QPP). Not an ability but a setting: the two ends must agree on it.
    package static let permutes = Capabilities(rawValue: 1 << 2)
    /// Its sender ends the session: it insists on other parameters than the receiver has (`-strict`).
    package static let refuses = Capabilities(rawValue: 1 << 3)
    /// Its sender goes by a model of the path: it makes use of prompt acknowledgements, and does not fill a wide window
    /// for its own sake.
    package static let modelsPath = Capabilities(rawValue: 1 << 4)

    /// All that this implementation can do.
    public static let all: Capabilities = [.halfClose, .abort]
}

/// How our programs tell each other what they are: a NOP whose stream id carries a mark and the capabilities.
/// Every version of the original ignores the id of a NOP (protocol 04 §1), so that nothing is lost with it.
enum Introduction {
    private static let mark: UInt32 = 0x5357_4B00
    private static let capabilityMask: UInt32 = 0xFF

    static func streamID(for capabilities: Capabilities) -> StreamID {
        precondition(capabilities.rawValue & ~self.capabilityMask == 0, "more capabilities than the mark has room for")
        return StreamID(rawValue: self.mark | capabilities.rawValue)
    }

    /// `nil` for an ordinary sign of life.
    static func capabilities(in stream: StreamID) -> Capabilities? {
        guard stream.rawValue & ~self.capabilityMask == self.mark else { return nil }
        return Capabilities(rawValue: stream.rawValue & self.capabilityMask)
    }
}
