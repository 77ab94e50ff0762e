/// What the original has been measured to do on the lettered links: Debian's build of 2021 at both ends, over real
/// sockets and an emulated link, one endless transfer.
package struct OriginalFigures: Sendable {
    package var link: LinkScenario
    package var profile: EndProfile
    package var direction: LinkDirection
    /// Payload, Mbit/s.
    package var goodput: Double
    /// IP bytes sent per byte of payload.
    package var wire: Double
    /// Of messages beside the transfer, milliseconds; `nil` where that was not measured.
    package var message99: Double?

    private init(
        _ link: LinkScenario, _ profile: EndProfile, _ goodput: Double, _ wire: Double, _ message99: Double?,
        _ direction: LinkDirection = .down
    ) {
        self.link = link
        self.profile = profile
        self.direction = direction
        self.goodput = goodput
        self.wire = wire
        self.message99 = message99
    }

    package static let all = [
        OriginalFigures(.b, .goDefault, 72, 1.39, 151), OriginalFigures(.c, .goDefault, 62, 1.46, 249),
        OriginalFigures(.d, .goDefault, 23, 1.49, 640), OriginalFigures(.e, .goDefault, 8.7, 2.36, 1825),
        OriginalFigures(.f, .goDefault, 22.5, 1.66, 669), OriginalFigures(.g, .goDefault, 11.6, 1.59, 1396),
        OriginalFigures(.g, .goDefault, 1.2, 2.5, 1737, .up), OriginalFigures(.h, .goDefault, 3.5, 5.33, 4191),
        OriginalFigures(.b, .goFast3, 51, 2.06, 343), OriginalFigures(.c, .goFast3, 52, 1.94, 327),
        OriginalFigures(.d, .goFast3, 26, 1.90, 1120), OriginalFigures(.e, .goFast3, 7.6, 2.50, 1275),
        OriginalFigures(.f, .goFast3, 22, 2.06, 770), OriginalFigures(.g, .goFast3, 10.8, 1.8, 207),
        OriginalFigures(.g, .goFast3, 1.3, 2.8, 1534, .up), OriginalFigures(.h, .goFast3, 2.5, 3.1, 1418),
        OriginalFigures(.b, .goFast3WithoutParity, 59, 1.48, nil),
        OriginalFigures(.c, .goFast3WithoutParity, 41, 1.42, nil),
        OriginalFigures(.d, .goFast3WithoutParity, 16, 1.70, nil),
        OriginalFigures(.e, .goFast3WithoutParity, 7.9, 1.57, nil),
        OriginalFigures(.f, .goFast3WithoutParity, 27, 1.40, nil),
        OriginalFigures(.g, .goFast3WithoutParity, 12.9, 1.28, nil),
        OriginalFigures(.h, .goFast3WithoutParity, 2.6, 2.24, nil),
    ]

    /// The run that does the same in the model. Messages run beside it if they did.
    package func plan(seed: UInt64, withMessages: Bool) -> RunPlan {
        let pattern: TrafficPattern =
            switch (self.direction, withMessages) {
            case (.down, false): .download
            case (.down, true): .loadedDownload
            case (.up, false): .upload
            case (.up, true): .loadedUpload
            }
        return RunPlan(scenario: self.link, variant: TunnelVariant(self.profile), pattern: pattern, seed: seed)
    }
}
