import PacketPrimitives

// How the figures are made of what was recorded.
extension LinkMeasures {
    init(_ record: RunRecord) {
        self.init()
        let hasBulk = record.meters.tunnels.contains { $0.first != nil }
        self.measureQueue(record)
        self.measureMessages(record)
        self.measureFlows(record)
        if hasBulk {
            self.measureBulk(record)
            self.measureSteps(record)
        } else if !record.messages.isEmpty {
            self.messageBytes = Double(record.sent.wireByteCount) / Double(record.messages.count)
        }
        self.measureSegments(record)
        self.measureDrops(record)
    }

    private mutating func measureBulk(_ record: RunRecord) {
        let meters = record.meters.tunnels
        let goodput = record.rate(meters, record.measured)
        self.goodput = goodput / 1e6
        self.limit = record.limit(record.measured) / 1e6
        let payload = meters.reduce(0) { $0 + $1.byteCount(in: record.measured) }
        if payload > 0 { self.wire = Double(record.sent.wireByteCount) / Double(payload) }
        self.settling = Self.settling(record)
        self.stall = meters.compactMap { $0.longestStallMicroseconds(until: record.end) }.max().map {
            Double($0) / 1000
        }
    }

    private mutating func measureSegments(_ record: RunRecord) {
        let sent = record.sent
        let transmissions = Double(sent.segmentCount + sent.retransmissionCount)
        guard transmissions > 0 else { return }
        self.retransmitted = Double(sent.retransmissionCount) / transmissions * 100
        self.spurious = sent.repetitionCount.map { Double($0) / transmissions * 100 }
    }

    private mutating func measureDrops(_ record: RunRecord) {
        let sent = record.sent
        guard sent.datagramCount > 0 else { return }
        self.dropped = Double(sent.dropCount) / Double(sent.datagramCount) * 100
    }

    private mutating func measureQueue(_ record: RunRecord) {
        let samples = record.queue(record.measured)
        self.queueMedian = Samples.quantile(0.5, of: samples).map(Double.init)
        self.queue95 = Samples.quantile(0.95, of: samples).map(Double.init)
    }

    private mutating func measureMessages(_ record: RunRecord) {
        self.messageMedian = Samples.quantile(0.5, of: record.messages)
        self.message99 = Samples.quantile(0.99, of: record.messages)
    }

    private mutating func measureFlows(_ record: RunRecord) {
        if !record.meters.flows.isEmpty { self.competitors = record.rate(record.meters.flows, record.measured) / 1e6 }
        let all = record.meters.tunnels + record.meters.flows
        guard all.count > 1 else { return }
        self.fairness = Samples.fairness(all.map { record.rate([$0], record.measured) })
    }
}

// MARK: Settling

extension LinkMeasures {
    /// Buckets of the window that has to be fast, and how fast.
    private static let windowCount = 4
    private static let settledShare = 0.85

    private static func isFast(_ record: RunRecord, _ window: Range<Int>) -> Bool {
        record.rate(record.meters.tunnels, window) >= Self.settledShare * record.limit(window)
    }

    private static func settling(_ record: RunRecord) -> Double? {
        guard let first = record.meters.tunnels.compactMap(\.first).min() else { return nil }
        let begin = first.microseconds(since: record.start)
        let last = record.recorder.snapshots.count
        for start in begin / PayloadMeter.bucketMicroseconds..<max(last, begin / PayloadMeter.bucketMicroseconds) {
            let window = start..<start + Self.windowCount
            guard window.upperBound <= last else { return nil }
            if Self.isFast(record, window) {
                return Double(window.upperBound) * RunRecord.bucketSeconds - Double(begin) / 1e6
            }
        }
        return nil
    }

    private mutating func measureSteps(_ record: RunRecord) {
        let path = record.outline.scenario[record.outline.pattern.direction]
        var rate = path.megabitsPerSecond
        var (downs, ups): ([Double?], [Double?]) = ([], [])
        for step in path.steps {
            let time = Self.settling(record, after: step.atSeconds)
            if step.megabitsPerSecond < rate { downs.append(time) } else { ups.append(time) }
            rate = step.megabitsPerSecond
        }
        self.settlingDown = Self.slowest(downs)
        self.settlingUp = Self.slowest(ups)
    }

    private static func slowest(_ times: [Double?]) -> Double? {
        times.contains { $0 == nil } ? nil : times.compactMap(\.self).max()
    }

    private static func settling(_ record: RunRecord, after seconds: Double) -> Double? {
        let tolerated = Float(max(20, record.outline.scenario.roundTripMilliseconds / 4))
        let begin = RunRecord.bucket(seconds)
        let last = record.recorder.snapshots.count
        for start in begin..<max(last - Self.windowCount, begin) {
            let window = start..<start + Self.windowCount
            let queue = record.queue(window)
            let isShort = queue.reduce(0, +) <= tolerated * Float(queue.count)
            if isShort, Self.isFast(record, window) {
                return Double(window.upperBound - begin) * RunRecord.bucketSeconds
            }
        }
        return nil
    }
}
