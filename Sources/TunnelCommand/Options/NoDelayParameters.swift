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

    /// The named modes. They override the hidden flags.
    package static let presets: KeyValuePairs<String, NoDelayParameters> = [
        "normal": .init(0, 40, 2, 1), "fast": .init(0, 30, 2, 1),
        "fast2": .init(1, 20, 2, 1), "fast3": .init(1, 10, 2, 1),
    ]

    /// The mode that takes the hidden flags.
    package static let manualMode = "manual"

    /// The names of all modes, for a sentence.
    package static var modeList: String {
        (Self.presets.map(\.key) + [Self.manualMode]).joined(separator: ", ")
    }

    /// The parameters that options ask for; `nil` if there is no such mode.
    package init?(_ link: LinkOptions) {
        if let preset = Self.presets.first(where: { $0.key == link.mode }) {
            self = preset.value
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
