import PacketPrimitives
import TunnelRuntime

#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

/// What `status.json` says, and what the status page and `kcptun top` show.
package struct StatusDocument: Codable, Hashable, Sendable {
    /// Such as `kcptun-client`.
    package var program: String
    package var version: String
    /// When the program was started, seconds since 1970.
    package var startTime: Double
    /// When the figures were taken, seconds on a clock of the process that only goes forward: rates are differences of
    /// counters by differences of this.
    package var clock: Double
    /// What is wrong, the worst first; empty if nothing is.
    package var findings: [Finding]
    /// All sessions together, ended ones included.
    package var totals: TrafficStatus
    /// The sessions; of very many, those that were heard of last.
    package var sessions: [SessionStatus]
    /// Sessions that are left out here.
    package var omittedSessions: Int
    /// Every series of the metrics text, but for histograms.
    package var metrics: [String: Double]

    /// More sessions than this would make the document too long to be made each second.
    package static let sessionLimit = 500
}

extension StatusDocument {
    package init(_ input: MetricsInput, findings: [Finding]) {
        self.program = input.program.name
        self.version = input.program.version
        self.startTime = input.program.startTime
        self.clock = Double(input.snapshot.time.microseconds) / 1e6
        self.findings = findings
        self.totals = TrafficStatus(input.sessions)
        let recent = input.snapshot.sessions.sorted {
            ($0.silenceMilliseconds ?? .max) < ($1.silenceMilliseconds ?? .max)
        }
        self.sessions = recent.prefix(Self.sessionLimit).map { SessionStatus($0, role: input.snapshot.role) }
        self.omittedSessions = max(0, recent.count - Self.sessionLimit)
        self.metrics = [:]
        for metric in MetricsTable.metrics {
            for sample in metric.samples(input) where sample.value.isFinite {
                self.metrics[MetricsText.seriesName(metric.name, sample.labels)] = sample.value
            }
        }
    }

    /// As JSON.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(self))
        } catch {
            preconditionFailure("finite numbers and texts can be written as JSON: \(error)")
        }
    }

    /// - Throws: what the decoder has against the bytes.
    package init(bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(StatusDocument.self, from: Data(bytes))
    }
}
