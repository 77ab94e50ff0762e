import BenchmarkSupport
import LinkRelay
import NetworkSimulation
import PacketPrimitives

/// Looks at a run every millisecond until it ends.
enum RigRecorder {
    private static let pauseSeconds = 0.001
    /// The programs are asked this long before the span that is measured begins or ends.
    private static let leadSeconds = 0.03

    static func record(
        _ outline: RunOutline, from start: Instant, on bed: RigBed, _ streams: inout RigStreams
    ) -> RunRecorder {
        func time(_ seconds: Double) -> Instant { start.advanced(microseconds: Int(seconds * 1e6)) }
        let relay = bed.relay
        let direction = outline.pattern.direction
        let roundTrips = [Double](
            repeating: 0, count: outline.pattern.tunnels.count + outline.pattern.competitors.count)
        var questions = [outline.measured.lowerBound, outline.measured.upperBound].map { time($0 - Self.leadSeconds) }
        var recorder = RunRecorder(start: start)
        var counters = RunCounters()
        counters.repetitionCount = nil
        let end = time(outline.measured.upperBound)
        while relay.now < end {
            Nanoseconds.sleep(seconds: Self.pauseSeconds)
            if let next = questions.first, next <= relay.now {
                questions.removeFirst()
                bed.segments(direction, into: &counters)
            }
            let statistics = relay.statistics
            let now = relay.now
            streams.advance(from: start, to: now) { relay.now }
            let busyUntil = direction == .up ? statistics.busyUntil.towardServer : statistics.busyUntil.towardClients
            self.count(direction == .up ? statistics.towardServer : statistics.towardClients, into: &counters)
            if !outline.pattern.competitors.isEmpty {
                let bytes = statistics.deviceBytes
                counters.wireByteCount -= direction == .up ? bytes.towardServer : bytes.towardClients
            }
            recorder.advance(
                to: now, queueMicroseconds: { busyUntil.microseconds(since: $0) },
                snapshot: { RunSnapshot(counters: counters, roundTrips: roundTrips) })
        }
        return recorder
    }

    private static func count(_ link: LinkStatistics, into counters: inout RunCounters) {
        // Packets of devices, whose headers are in their length, are counted as that much shorter.
        counters.wireByteCount =
            link.sentBytes &+ link.sentDatagrams &* UInt64(LinkConditions.internetOverheadByteCount)
        counters.datagramCount = link.sentDatagrams
        counters.dropCount = link[.fullQueue] + link[.policed]
        counters.strayLossCount = link.lostDatagrams - counters.dropCount
    }
}
