import KCP

/// The four numbers that a mode stands for (protocol 06 §3).
package struct NoDelayParameters: Hashable, Sendable, CustomStringConvertible {
    package var noDelay: Int
    package var intervalMilliseconds: Int
    package var resend: Int
    package var noCongestionControl: Int

    package init(_ noDelay: Int, _ intervalMilliseconds: Int, _ resend: Int, _ noCongestionControl: Int) {
        self.noDelay = noDelay
        self.intervalMilliseconds = intervalMilliseconds
        self.resend = resend
        self.noCongestionControl = noCongestionControl
    }

    private init(_ profile: Profile) {
        self.init(
            profile.noDelay ? 1 : 0, profile.intervalMilliseconds, profile.fastResend,
            profile.congestionControlOff ? 1 : 0)
    }

    /// The mode that takes the hidden flags.
    package static let manualMode = "manual"

    /// The names of all modes.
    static var modeNames: [String] { Profile.allCases.map(\.name) + [Self.manualMode] }

    /// The names of all modes, for a sentence.
    package static var modeList: String { self.modeNames.joined(separator: ", ") }

    /// The parameters that options ask for; `nil` if there is no such mode. A named mode overrides the hidden flags.
    package init?(_ link: LinkOptions) {
        if let profile = Profile.named(link.mode) {
            self.init(profile)
        } else if link.mode == Self.manualMode {
            self.init(link.noDelay, link.interval, link.resend, link.noCongestionControl)
        } else {
            return nil
        }
    }

    /// As the start-up line has them.
    package var description: String {
        "\(self.noDelay) \(self.intervalMilliseconds) \(self.resend) \(self.noCongestionControl)"
    }
}
