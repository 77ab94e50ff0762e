import TunnelReporting

/// The line that is shown while a file is on its way. It fits into 80 columns; `legend` says what is what.
struct DemoStatusLine: Hashable, Sendable {
    var direction: DemoDirection
    var arrivedByteCount: Int
    var byteCount: Int
    /// Since the line before.
    var megabitsPerSecond: Double
    var traffic: DemoTraffic
    var returnTraffic: DemoTraffic
    var ping: PingSummary?

    static let legend =
        "arrived, speed, ping p50/p99, datagrams lost, rebuilt (FEC), sent again, wire bytes per byte"

    var text: String {
        let megabytes = FigureText.fixed(Double(self.arrivedByteCount) / 1e6, 1)
        let wire = self.traffic.wireBytes(with: self.returnTraffic, perByteOf: self.arrivedByteCount)
        return [
            FigureText.left(self.direction.rawValue, width: 4),
            "\(FigureText.right(megabytes, width: 4))/\(self.byteCount / 1_000_000) MB",
            "\(FigureText.right(FigureText.fixed(self.megabitsPerSecond, 1), width: 5)) Mbit/s",
            "ping \(self.pingText) ms",
            "lost \(self.traffic.lostDatagrams + self.traffic.overflowedDatagrams)",
            "FEC \(self.traffic.recoveredPackets)",
            "resent \(self.traffic.retransmittedSegments)",
            "x\(FigureText.fixed(wire, 2))",
        ].joined(separator: " ")
    }

    private var pingText: String {
        guard let ping else { return "-/-" }
        return [ping.medianMilliseconds, ping.percentile99Milliseconds].map { FigureText.fixed($0, 0) }.joined(
            separator: "/")
    }
}
