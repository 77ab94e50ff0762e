import TunnelReporting

#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

/// The demo's result for programs: what `--json` prints.
struct DemoDocument: Encodable, Sendable {
    /// A key and what it means.
    static let keys: KeyValuePairs<String, String> = [
        "completed": "false if there is no result; then `error` says why, and only these two are there",
        "identical": "whether both files came out as they went in",
        "seconds": "the whole run",
        "scenario": "size_megabytes, seed, loss_percent, round_trip_milliseconds, megabits_per_second, "
            + "queue_milliseconds, cipher, mode, cc, window_packets (absent: left to the programs)",
        "idle_ping": "before the files: count, p50_milliseconds, p99_milliseconds; absent if there was no answer",
        "up, down": "the two files, each with:",
        "  bytes, seconds, megabits_per_second": "what was carried, in what time",
        "  datagrams, wire_bytes": "put on the link in the file's direction (UDP payload)",
        "  return_wire_bytes": "put on the link in the other direction meanwhile",
        "  wire_bytes_per_byte": "both together per byte of the file",
        "  lost_datagrams, overflowed_datagrams": "lost at random; lost to a full queue",
        "  recovered_packets": "rebuilt from parity",
        "  retransmitted_segments, timed_out_segments": "sent again; of these after a time-out",
        "  repeated_segments": "arrived more than once",
        "  ping": "while the file was on its way, as idle_ping",
        "  sha256_sent, sha256_received": "of the file where it went in and where it came out",
    ]

    private struct Scenario: Encodable {
        let sizeMegabytes: Int
        let seed: UInt64
        let lossPercent: Double
        let roundTripMilliseconds: Int
        let megabitsPerSecond: Double
        let queueMilliseconds: Int
        let cipher: String
        let mode: String
        let cc: String
        let windowPackets: Int?

        init(_ scenario: DemoScenario) {
            self.sizeMegabytes = scenario.megabytes
            self.seed = scenario.seed
            self.lossPercent = scenario.lossPercent
            self.roundTripMilliseconds = scenario.roundTripMilliseconds
            self.megabitsPerSecond = scenario.megabitsPerSecond
            self.queueMilliseconds = DemoScenario.queueMilliseconds
            self.cipher = scenario.cipher
            self.mode = scenario.mode
            self.cc = scenario.sendingRules
            self.windowPackets = scenario.windowPacketCount
        }
    }

    private struct Ping: Encodable {
        let count: Int
        let p50Milliseconds: Double
        let p99Milliseconds: Double

        init?(_ summary: PingSummary?) {
            guard let summary else { return nil }
            self.count = summary.count
            self.p50Milliseconds = summary.medianMilliseconds
            self.p99Milliseconds = summary.percentile99Milliseconds
        }
    }

    private struct Transfer: Encodable {
        let bytes: Int
        let seconds: Double
        let megabitsPerSecond: Double
        let datagrams: UInt64
        let wireBytes: UInt64
        let returnWireBytes: UInt64
        let wireBytesPerByte: Double
        let lostDatagrams: UInt64
        let overflowedDatagrams: UInt64
        let recoveredPackets: UInt64
        let retransmittedSegments: UInt64
        let timedOutSegments: UInt64
        let repeatedSegments: UInt64
        let ping: Ping?
        let sha256Sent: String
        let sha256Received: String

        init(_ transfer: DemoTransfer) {
            self.bytes = transfer.byteCount
            self.seconds = rounded(transfer.seconds)
            self.megabitsPerSecond = rounded(transfer.megabitsPerSecond)
            self.datagrams = transfer.traffic.datagrams
            self.wireBytes = transfer.traffic.wireBytes
            self.returnWireBytes = transfer.returnTraffic.wireBytes
            self.wireBytesPerByte = rounded(transfer.wireBytesPerPayloadByte)
            self.lostDatagrams = transfer.traffic.lostDatagrams
            self.overflowedDatagrams = transfer.traffic.overflowedDatagrams
            self.recoveredPackets = transfer.traffic.recoveredPackets
            self.retransmittedSegments = transfer.traffic.retransmittedSegments
            self.timedOutSegments = transfer.traffic.timedOutSegments
            self.repeatedSegments = transfer.traffic.repeatedSegments
            self.ping = Ping(transfer.ping)
            self.sha256Sent = FigureText.hexadecimal(transfer.digests.sent)
            self.sha256Received = FigureText.hexadecimal(transfer.digests.received)
        }
    }

    private let completed: Bool
    private var error: String?
    private var identical: Bool?
    private var seconds: Double?
    private var scenario: Scenario?
    private var idlePing: Ping?
    private var up: Transfer?
    private var down: Transfer?

    init(_ result: DemoResult) {
        self.completed = true
        self.identical = result.isIdentical
        self.seconds = rounded(result.seconds)
        self.scenario = Scenario(result.scenario)
        self.idlePing = Ping(result.idlePing)
        self.up = Transfer(result.up)
        self.down = Transfer(result.down)
    }

    /// Without a result.
    init(error: String) {
        self.completed = false
        self.error = error
    }

    /// One object, keys in alphabetical order.
    var text: String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("every value is finite") }
        return String(decoding: data, as: UTF8.self)
    }
}

/// To thousandths, which is more than can be measured.
private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
