package import PacketPrimitives
package import TunnelCore

/// What came of a run: the figures and how it went over time.
package struct RunResult: Sendable {
    package let outline: RunOutline
    package let measures: LinkMeasures
    package let series: RunSeries
    /// Why sessions ended before the run did: the other figures mean little then.
    package let failures: [SessionFailure]

    init(plan: RunPlan, start: Instant, tunnels: [RunningTunnel], flows: [RunningFlow], recorder: RunRecorder) {
        let direction = plan.pattern.direction
        let recording = RunRecording(
            tunnels: tunnels.filter { !$0.isCompanion }.map { $0.meter(direction) }, flows: flows.map(\.meter),
            messages: tunnels.map(\.messages),
            recorder: recorder)
        self.init(outline: plan.outline, start: start, recording: recording, failures: tunnels.flatMap(\.failures))
    }

    /// Of a run that began at `start`.
    package init(outline: RunOutline, start: Instant, recording: RunRecording, failures: [SessionFailure] = []) {
        self.outline = outline
        let record = RunRecord(outline: outline, start: start, recording: recording)
        self.measures = LinkMeasures(record)
        self.series = RunSeries(record)
        self.failures = failures
    }
}

/// What was seen of a run from its start to its end.
package struct RunRecording: Sendable {
    /// The payload of the measured direction: of tunnels and of flows beside them.
    package var tunnels: [PayloadMeter]
    package var flows: [PayloadMeter]
    package var messages: [MessageLog]
    package var recorder: RunRecorder

    package init(tunnels: [PayloadMeter], flows: [PayloadMeter], messages: [MessageLog], recorder: RunRecorder) {
        self.tunnels = tunnels
        self.flows = flows
        self.messages = messages
        self.recorder = recorder
    }
}

/// Everything that was recorded, with the span that is measured in buckets of `PayloadMeter`.
struct RunRecord {
    let outline: RunOutline
    let start: Instant
    let end: Instant
    /// One for each tunnel of the pattern.
    let meters: (tunnels: [PayloadMeter], flows: [PayloadMeter])
    /// Round trips, milliseconds.
    let messages: [Double]
    let recorder: RunRecorder
    let measured: Range<Int>

    static let bucketSeconds = Double(PayloadMeter.bucketMicroseconds) / 1e6

    init(outline: RunOutline, start: Instant, recording: RunRecording) {
        let span = outline.measured
        func time(_ seconds: Double) -> Instant { start.advanced(microseconds: Int(seconds * 1e6)) }
        self.outline = outline
        self.start = start
        self.end = time(span.upperBound)
        self.meters = (recording.tunnels, recording.flows)
        self.messages = recording.messages.flatMap {
            $0.roundTrips(from: time(span.lowerBound), until: time(span.upperBound))
        }
        self.recorder = recording.recorder
        self.measured = Self.bucket(span.lowerBound)..<Self.bucket(span.upperBound)
    }

    /// Which bucket begins at a time.
    static func bucket(_ seconds: Double) -> Int { Int((seconds / Self.bucketSeconds).rounded()) }

    /// The counters at the beginning of a bucket.
    func counters(before bucket: Int) -> RunCounters {
        bucket == 0 ? RunCounters() : self.recorder.snapshots[min(bucket, self.recorder.snapshots.count) - 1].counters
    }

    /// What was counted in the span that is measured.
    var sent: RunCounters {
        self.counters(before: self.measured.upperBound) - self.counters(before: self.measured.lowerBound)
    }

    /// What the link can carry in these buckets, bits per second.
    func limit(_ buckets: Range<Int>) -> Double {
        self.outline.scenario[self.outline.pattern.direction].limit(
            from: Double(buckets.lowerBound) * Self.bucketSeconds,
            until: Double(buckets.upperBound) * Self.bucketSeconds)
    }

    /// Payload of these meters in these buckets, bits per second.
    func rate(_ meters: [PayloadMeter], _ buckets: Range<Int>) -> Double {
        let byteCount = meters.reduce(0) { $0 + $1.byteCount(in: buckets) }
        return Double(byteCount) * 8 / (Double(buckets.count) * Self.bucketSeconds)
    }

    /// The queue's samples of these buckets, milliseconds.
    func queue(_ buckets: Range<Int>) -> ArraySlice<Float> {
        let perBucket = RunRecorder.samplesPerBucket
        let samples = self.recorder.queue
        return samples[
            min(buckets.lowerBound * perBucket, samples.count)..<min(buckets.upperBound * perBucket, samples.count)]
    }
}
