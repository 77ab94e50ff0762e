package import BenchmarkSupport
package import LinkRelay
package import NetworkSimulation
import PacketPrimitives
import TunnelCore

/// One run over real sockets.
package struct RigRun: Sendable {
    package let outline: RunOutline
    let folders: ProgramFolders
    /// For what the programs say.
    let logFolder: String
    private let variant: RigVariant

    package init(
        _ variant: RigVariant, scenario: LinkScenario, pattern: TrafficPattern, seed: UInt64, seconds: Double?,
        folders: ProgramFolders, logFolder: String
    ) {
        self.variant = variant
        self.outline = RunOutline(
            scenario: scenario, variantName: variant.name, pattern: pattern, seed: seed, seconds: seconds)
        self.folders = folders
        self.logFolder = logFolder
    }

    /// What came of a run, and what the relay says of itself.
    package struct Outcome: Sendable {
        package let result: RunResult
        package let relay: LinkRelay.Statistics
        /// Processors that the relay's thread kept busy.
        package let relayLoad: Double
        /// Processors that neither the programs nor this one kept busy.
        package let foreignLoad: Double
    }

    func end(_ role: TunnelRole) -> TunnelEnd? {
        self.variant.end(role, on: self.outline.scenario, from: self.folders)
    }

    /// Of the flows outside of tunnels; `nil` if there are none.
    var congestionControl: String? {
        if case .tcp(let kind) = self.variant { return kind.rawValue }
        return self.outline.pattern.competitors.first?.kind.rawValue
    }

    /// Sets everything up, lets it run, takes it down.
    package func outcome() throws(BenchmarkError) -> Outcome {
        let bed = try RigBed(self)
        defer { bed.stop() }
        var streams = try RigStreams(self.outline, on: bed)
        let before = (bed.relay.statistics, bed.usage)
        let start = bed.relay.now
        bed.start(self.outline.scenario, at: start)
        let recorder = RigRecorder.record(self.outline, from: start, on: bed, &streams)
        let after = (bed.relay.statistics, bed.usage)
        let used = Double(after.0.processorMicroseconds - before.0.processorMicroseconds)
        let lasted = Double(bed.relay.now.microseconds(since: start))
        let messages = streams.stop()
        try bed.requireAlive()
        try streams.requirePayload()
        let recording = RunRecording(
            tunnels: streams.tunnelMeters, flows: streams.flowMeters, messages: messages, recorder: recorder)
        return Outcome(
            result: RunResult(outline: self.outline, start: start, recording: recording), relay: after.0,
            relayLoad: used / lasted, foreignLoad: after.1.foreignLoad(since: before.1))
    }
}
