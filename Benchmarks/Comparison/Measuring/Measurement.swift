import BenchmarkSupport

/// What is done with a fresh tunnel.
enum Measurement: Sendable, Hashable {
    case bulk(Direction, streamCount: Int)
    case requests(connectionCount: Int)
    case firstByte
    case idle(streamCount: Int)

    static let bulkCases: [Measurement] = Direction.allCases.flatMap { direction in
        [1, 16].map { .bulk(direction, streamCount: $0) }
    }
    static let interactiveCases: [Measurement] = [
        .requests(connectionCount: 1), .requests(connectionCount: 16), .firstByte,
    ]

    var name: String {
        switch self {
        case .bulk(let direction, let count): "\(direction), \(Self.count(count, "stream"))"
        case .requests(let count): "64-byte requests, \(Self.count(count, "connection"))"
        case .firstByte: "first byte of a connection"
        case .idle(let count): "\(count) idle streams"
        }
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    func run(through tunnel: Tunnel, to target: TargetServer, timing: Timing) throws(BenchmarkError) -> Sample {
        defer { target.closeIdleConnections() }
        switch self {
        case .bulk(let direction, let count):
            return try bulk(direction, streamCount: count, through: tunnel, to: target, timing: timing)
        case .requests(let count): return try requests(connectionCount: count, through: tunnel, timing: timing)
        case .firstByte: return try firstByte(through: tunnel)
        case .idle(let count): return try idle(streamCount: count, through: tunnel, timing: timing)
        }
    }

    private func bulk(
        _ direction: Direction, streamCount: Int, through tunnel: Tunnel, to target: TargetServer, timing: Timing
    ) throws(BenchmarkError) -> Sample {
        let transfer = try BulkTransfer(direction, streamCount: streamCount, throughPort: tunnel.port, to: target)
        defer { transfer.stop() }
        Nanoseconds.sleep(seconds: timing.warmUp)
        let bytesBefore = transfer.deliveredByteCount
        let before = Usage(of: tunnel)
        Nanoseconds.sleep(seconds: timing.window)
        let bytes = Double(transfer.deliveredByteCount - bytesBefore)
        let after = Usage(of: tunnel)
        try tunnel.requireAlive()
        guard bytes > 0 else { throw .tunnel("nothing was delivered") }

        let used = after.tunnelProcessorTime - before.tunnelProcessorTime
        return [
            .megabitsPerSecond: bytes * 8 / 1e6 / (after.moment - before.moment).seconds,
            .processorSecondsPerGigabyte: used.seconds / (bytes / 1e9),
            .peakResidentMebibytes: tunnel.peakResidentMebibytes,
            .foreignLoad: after.foreignLoad(since: before),
        ]
    }

    private func requests(connectionCount: Int, through tunnel: Tunnel, timing: Timing) throws(BenchmarkError) -> Sample
    {
        let loop = try RequestLoop(connectionCount: connectionCount, throughPort: tunnel.port)
        Nanoseconds.sleep(seconds: timing.warmUp)
        let before = Usage(of: tunnel)
        Nanoseconds.sleep(seconds: timing.window)
        let after = Usage(of: tunnel)
        let answers = loop.stop().filter { before.moment < $0.arrival && $0.arrival < after.moment }
        try tunnel.requireAlive()
        guard !answers.isEmpty else { throw .tunnel("no request was answered") }

        let latencies = answers.map(\.latency.milliseconds).sorted()
        let used = after.tunnelProcessorTime - before.tunnelProcessorTime
        return [
            .requestsPerSecond: Double(answers.count) / (after.moment - before.moment).seconds,
            .medianLatencyMilliseconds: quantile(0.5, ofSorted: latencies),
            .latency99Milliseconds: quantile(0.99, ofSorted: latencies),
            .processorMicrosecondsPerRequest: used.seconds * 1e6 / Double(answers.count),
            .foreignLoad: after.foreignLoad(since: before),
        ]
    }

    private func firstByte(through tunnel: Tunnel) throws(BenchmarkError) -> Sample {
        let before = Usage(of: tunnel)
        var times: [Double] = []
        for _ in 0..<20 {
            Nanoseconds.sleep(seconds: 0.005)
            guard let time = ConnectionProbe.timeToFirstByte(throughPort: tunnel.port, limitMilliseconds: 5000) else {
                throw .tunnel("a fresh connection got no answer")
            }
            times.append(time.milliseconds)
        }
        return [
            .firstByteMilliseconds: median(times) ?? 0,
            .foreignLoad: Usage(of: tunnel).foreignLoad(since: before),
        ]
    }

    private func idle(streamCount: Int, through tunnel: Tunnel, timing: Timing) throws(BenchmarkError) -> Sample {
        let sockets = try ConnectionProbe.openIdle(count: streamCount, throughPort: tunnel.port)
        defer { for socket in sockets { socket.close() } }
        // Giving back what the load has needed is not idling.
        Nanoseconds.sleep(seconds: 5)
        let before = Usage(of: tunnel)
        Nanoseconds.sleep(seconds: timing.idleWindow)
        let after = Usage(of: tunnel)
        try tunnel.requireAlive()
        let used = after.tunnelProcessorTime - before.tunnelProcessorTime
        return [
            .idleProcessorPercent: used.seconds / (after.moment - before.moment).seconds * 100,
            .peakResidentMebibytes: tunnel.peakResidentMebibytes,
            .foreignLoad: after.foreignLoad(since: before),
        ]
    }
}
