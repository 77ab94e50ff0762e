import TunnelReporting

/// The demo's result for people.
struct DemoTable: Sendable {
    private let result: DemoResult

    init(_ result: DemoResult) { self.result = result }

    private static let labelWidth = 34
    private static let columnWidth = 16

    var text: String {
        ([self.row("", "up", "down")] + self.speed + self.link + self.repair + self.cost + self.ping + self.integrity)
            .joined(separator: "\n") + "\n"
    }

    private var speed: [String] {
        [
            "Carried through the tunnel",
            self.row("file") { "\(FigureText.fixed(Double($0.byteCount) / 1e6, 1)) MB" },
            self.row("time") { "\(FigureText.fixed($0.seconds, 2)) s" },
            self.row("speed") { "\(FigureText.fixed($0.megabitsPerSecond, 1)) Mbit/s" },
        ] + self.comparison
    }

    private var comparison: [String] {
        guard let plain = self.result.scenario.plainTCPMegabitsPerSecond else { return [] }
        let text = "\(FigureText.fixed(plain, 1)) Mbit/s"
        return [self.row("plain TCP there (*)", text, text)]
    }

    private var link: [String] {
        [
            "What the link did",
            self.row("datagrams sent") { FigureText.grouped($0.traffic.datagrams) },
            self.row("lost at random") { FigureText.grouped($0.traffic.lostDatagrams) },
            self.row("lost to a full queue") { FigureText.grouped($0.traffic.overflowedDatagrams) },
            self.row("lost together") { "\(FigureText.fixed($0.traffic.lossPercent, 1)) %" },
        ]
    }

    private var repair: [String] {
        [
            "How it was repaired",
            self.row("rebuilt from parity (FEC)") { FigureText.grouped($0.traffic.recoveredPackets) },
            self.row("sent again") { FigureText.grouped($0.traffic.retransmittedSegments) },
            self.row("  of these after a time-out") { FigureText.grouped($0.traffic.timedOutSegments) },
            self.row("arrived twice") { FigureText.grouped($0.traffic.repeatedSegments) },
        ]
    }

    private var cost: [String] {
        [
            "What it cost",
            self.row("bytes on the link per byte") { FigureText.fixed($0.wireBytesPerPayloadByte, 2) },
        ]
    }

    private var ping: [String] {
        [
            "Ping through the same tunnel",
            self.row("half within") { Self.milliseconds($0.ping?.medianMilliseconds) },
            self.row("99 of 100 within") { Self.milliseconds($0.ping?.percentile99Milliseconds) },
            "  " + self.idlePing,
        ]
    }

    private var idlePing: String {
        guard let idle = self.result.idlePing else { return "with no file on its way: no answer" }
        return "with no file on its way: half within \(Self.milliseconds(idle.medianMilliseconds))"
    }

    private var integrity: [String] {
        ["SHA-256 of the files"]
            + Self.digests("up", self.result.up.digests) + Self.digests("down", self.result.down.digests)
            + ["", self.verdict] + self.footnote
    }

    private static func digests(_ name: String, _ digests: DemoDigests) -> [String] {
        let label = FigureText.left(name, width: 5)
        return [
            "  \(label) in   \(FigureText.hexadecimal(digests.sent))",
            "  \(label) out  \(FigureText.hexadecimal(digests.received))\(digests.match ? "" : "  DIFFERENT")",
        ]
    }

    private var verdict: String {
        self.result.isIdentical
            ? "Both files came out exactly as they went in."
            : "A file came out different from what went in: please report this, with the line above that says so."
    }

    private var footnote: [String] {
        guard self.result.scenario.plainTCPMegabitsPerSecond != nil else { return [] }
        return [
            "(*) one connection of a TCP that takes each loss for congestion, by the estimate of Mathis et al. (1997)"
        ]
    }

    private func row(_ label: String, _ value: (DemoTransfer) -> String) -> String {
        self.row(label, value(self.result.up), value(self.result.down))
    }

    private func row(_ label: String, _ up: String, _ down: String) -> String {
        FigureText.left("  " + label, width: Self.labelWidth) + FigureText.right(up, width: Self.columnWidth)
            + FigureText.right(down, width: Self.columnWidth)
    }

    private static func milliseconds(_ value: Double?) -> String {
        value.map { "\(FigureText.fixed($0, 1)) ms" } ?? "-"
    }
}
