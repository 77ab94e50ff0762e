/// How the transfer of one file went.
struct DemoTransfer: Hashable, Sendable {
    var byteCount: Int
    var seconds: Double
    /// In the file's direction, and what went the other way meanwhile: acknowledgements, mostly.
    var traffic: DemoTraffic
    var returnTraffic: DemoTraffic
    /// `nil` if no message came back while the file was on its way.
    var ping: PingSummary?
    var digests: DemoDigests

    var megabitsPerSecond: Double { self.seconds > 0 ? Double(self.byteCount) / self.seconds / 125_000 : 0 }

    /// Bytes that the link was given per byte of the file, both directions together.
    var wireBytesPerPayloadByte: Double {
        self.traffic.wireBytes(with: self.returnTraffic, perByteOf: self.byteCount)
    }
}

extension DemoTraffic {
    /// Bytes of this and the opposite direction per byte that was carried; 0 before there is one.
    func wireBytes(with other: DemoTraffic, perByteOf payloadByteCount: Int) -> Double {
        payloadByteCount > 0 ? Double(self.wireBytes + other.wireBytes) / Double(payloadByteCount) : 0
    }

    /// The share of the datagrams that never arrived, for whatever reason.
    var lossPercent: Double {
        guard self.datagrams > 0 else { return 0 }
        return 100 * Double(self.lostDatagrams + self.overflowedDatagrams) / Double(self.datagrams)
    }
}

/// All that the demo found out.
struct DemoResult: Hashable, Sendable {
    var scenario: DemoScenario
    /// Before any file was on its way; `nil` if no message came back.
    var idlePing: PingSummary?
    var up: DemoTransfer
    var down: DemoTransfer
    /// From the first socket to the last.
    var seconds: Double

    /// Whether both files came out as they went in.
    var isIdentical: Bool { self.up.digests.match && self.down.digests.match }
}
