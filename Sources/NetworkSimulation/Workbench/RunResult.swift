import PacketPrimitives
package import TunnelCore

/// What came of a run: the figures and how it went over time.
package struct RunResult: Sendable {
    package let plan: RunPlan
    package let measures: LinkMeasures
    package let series: RunSeries
    /// Why sessions ended before the run did: the other figures mean little then.
    package let failures: [SessionFailure]

    init(plan: RunPlan, start: Instant, tunnels: [RunningTunnel], flows: [RunningFlow], recorder: RunRecorder) {
        self.plan = plan
        let record = RunRecord(plan: plan, start: start, tunnels: tunnels, flows: flows, recorder: recorder)
        self.measures = LinkMeasures(record)
        self.series = RunSeries(record)
        self.failures = tunnels.flatMap(\.failures)
    }
}

/// Everything that was recorded, with the span that is measured in buckets of `PayloadMeter`.
struct RunRecord {
    let plan: RunPlan
    let start: Instant
    let end: Instant
    let meters: (tunnels: [PayloadMeter], flows: [PayloadMeter])
    /// Round trips, milliseconds.
    let messages: [Double]
    let recorder: RunRecorder
    let measured: Range<Int>

    static let bucketSeconds = Double(PayloadMeter.bucketMicroseconds) / 1e6

    init(plan: RunPlan, start: Instant, tunnels: [RunningTunnel], flows: [RunningFlow], recorder: RunRecorder) {
        let direction = plan.pattern.direction
        let span = plan.measured
        func time(_ seconds: Double) -> Instant { start.advanced(microseconds: Int(seconds * 1e6)) }
        self.plan = plan
        self.start = start
        self.end = time(span.upperBound)
        self.meters = (tunnels.map { $0.meter(direction) }, flows.map(\.meter))
        self.messages = tunnels.flatMap {
            $0.messages.roundTrips(from: time(span.lowerBound), until: time(span.upperBound))
        }
        self.recorder = recorder
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
        self.plan.scenario[self.plan.pattern.direction].limit(
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
