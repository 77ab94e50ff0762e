/// A mode of the original: one row of timing parameters under a name (protocol 06 §3).
public struct Profile: Hashable, Sendable {
    /// What the operator writes.
    public var name: String
    /// See `Configuration.noDelay`.
    public var noDelay: Bool
    /// See `Configuration.intervalMilliseconds`.
    public var intervalMilliseconds: Int
    /// See `Configuration.fastResend`.
    public var fastResend: Int
    /// Whether the sender ignores the congestion window (`nc` = 1).
    public var congestionControlOff: Bool

    /// A row. The manual mode is made with this, out of the operator's numbers.
    public init(
        name: String, noDelay: Bool, intervalMilliseconds: Int, fastResend: Int, congestionControlOff: Bool
    ) {
        self.name = name
        self.noDelay = noDelay
        self.intervalMilliseconds = intervalMilliseconds
        self.fastResend = fastResend
        self.congestionControlOff = congestionControlOff
    }

    /// The calmest preset.
    public static let normal = Profile(
        name: "normal", noDelay: false, intervalMilliseconds: 40, fastResend: 2, congestionControlOff: true)
    /// The original's default.
    public static let fast = Profile(
        name: "fast", noDelay: false, intervalMilliseconds: 30, fastResend: 2, congestionControlOff: true)
    /// As `fast`, with short retransmission timeouts.
    public static let fast2 = Profile(
        name: "fast2", noDelay: true, intervalMilliseconds: 20, fastResend: 2, congestionControlOff: true)
    /// The most eager preset.
    public static let fast3 = Profile(
        name: "fast3", noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControlOff: true)

    /// Every preset, from the calmest to the most eager.
    public static let allCases = [normal, fast, fast2, fast3]

    /// The preset with this name; `nil` if there is none.
    public static func named(_ name: String) -> Profile? { self.allCases.first { $0.name == name } }
}
