import NetworkSimulation

/// What the demo carries, and over what kind of link.
struct DemoScenario: Hashable, Sendable {
    /// Millions of bytes that are carried each way.
    var megabytes = 48
    /// Decides the content of the files and every loss on the link.
    var seed: UInt64 = 1
    /// Of the datagrams of each direction.
    var lossPercent = 5.0
    var roundTripMilliseconds = 50
    /// What the link carries each way, UDP payload.
    var megabitsPerSecond = 100.0
    var cipher = "aes"
    var mode = "fast"
    /// The programs' `--cc`.
    var sendingRules = "auto"
    /// `nil`: what suits the link.
    var windowOverride: Int?

    /// How much may wait in front of the link: a home router's usual buffer.
    static let queueMilliseconds = 100
    /// When the demo gives up.
    static let timeLimitSeconds = 60

    /// Bytes carried each way.
    var byteCount: Int { self.megabytes * 1_000_000 }

    /// One direction of the link.
    var link: LinkConditions {
        var link = LinkConditions(
            rate: .init(
                bitsPerSecond: Int(self.megabitsPerSecond * 1e6), queueLimit: .milliseconds(Self.queueMilliseconds)),
            faults: [.loss(probability: self.lossPercent / 100)])
        link.delayMicroseconds = self.roundTripMilliseconds * 500
        return link
    }

    /// The window of both ends, datagrams; `nil` if it is left to the programs.
    var windowPacketCount: Int? { self.windowOverride ?? (self.sendingRules == "off" ? self.fittingWindow : nil) }

    /// What the link holds for one round trip, not much more, as the rest would only wait in the queue. A power of two,
    /// as everybody writes it.
    private var fittingWindow: Int {
        let linkByteCount = self.megabitsPerSecond * 125 * Double(max(self.roundTripMilliseconds, Self.leastRoundTrip))
        var window = 16
        while Double(window) * Self.datagramByteCount < linkByteCount { window *= 2 }
        return min(window, 32768)
    }

    /// The default of `--mtu`.
    private static let datagramByteCount = 1350.0
    /// Milliseconds. Acknowledgements are gathered before they are sent, so that no round trip is shorter.
    private static let leastRoundTrip = 20

    /// What a TCP that takes every loss for congestion would carry over the link: the estimate of Mathis, Semke,
    /// Mahdavi and Ott (1997) for segments of 1460 bytes. `nil` if nothing is lost.
    var plainTCPMegabitsPerSecond: Double? {
        guard self.lossPercent > 0, self.roundTripMilliseconds > 0 else { return nil }
        let segmentsPerRoundTrip = 1.22 / (self.lossPercent / 100).squareRoot()
        let megabits = segmentsPerRoundTrip * 1460 * 8 / (Double(self.roundTripMilliseconds) * 1000)
        return min(megabits, self.megabitsPerSecond)
    }
}

/// Which way a file goes.
enum DemoDirection: String, CaseIterable, Sendable {
    /// From the client to the server.
    case up
    /// From the server to the client.
    case down
}
