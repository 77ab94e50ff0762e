/// A mode of the original: one row of timing parameters under a name (protocol 06 §3).
package struct Profile: Hashable, Sendable {
    /// What the operator writes.
    package var name: String
    /// See `Configuration.noDelay`.
    package var noDelay: Bool
    /// See `Configuration.intervalMilliseconds`.
    package var intervalMilliseconds: Int
    /// See `Configuration.fastResend`.
    package var fastResend: Int
    /// Whether the sender ignores the congestion window (`nc` = 1).
    package var congestionControlOff: Bool

    /// A row. The manual mode is made with this, out of the operator's numbers.
    package init(
        name: String, noDelay: Bool, intervalMilliseconds: Int, fastResend: Int, congestionControlOff: Bool
    ) {
        self.name = name
        self.noDelay = noDelay
        self.intervalMilliseconds = intervalMilliseconds
        self.fastResend = fastResend
        self.congestionControlOff = congestionControlOff
    }

    /// Every preset, from the slowest to the fastest.
    package static let allCases = [
        Profile(name: "normal", noDelay: false, intervalMilliseconds: 40, fastResend: 2, congestionControlOff: true),
        Profile(name: "fast", noDelay: false, intervalMilliseconds: 30, fastResend: 2, congestionControlOff: true),
        Profile(name: "fast2", noDelay: true, intervalMilliseconds: 20, fastResend: 2, congestionControlOff: true),
        Profile(name: "fast3", noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControlOff: true),
    ]

    /// The preset with this name; `nil` if there is none.
    package static func named(_ name: String) -> Profile? { self.allCases.first { $0.name == name } }
}
