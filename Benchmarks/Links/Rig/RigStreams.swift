import BenchmarkSupport
import NetworkSimulation
import PacketPrimitives

/// The applications of a run: transfers and messages, each with a connection that is made before the run begins.
struct RigStreams {
    fileprivate enum Application {
        case waiting
        case transfer(BulkTransfer)
        case messages(MessageExchange)
    }

    fileprivate struct Stream {
        let purpose: StreamPurpose
        let startSeconds: Double
        /// The tunnel's number; `nil` for a flow beside the tunnels.
        let tunnel: Int?
        let socket: StreamSocket
        let target: TargetServer
        var application = Application.waiting
        var deliveredByteCount = 0
        var meter: PayloadMeter
    }

    private var streams: [Stream] = []
    private let outline: RunOutline

    init(_ outline: RunOutline, on bed: RigBed) throws(BenchmarkError) {
        self.outline = outline
        for (number, tunnel) in outline.pattern.tunnels.enumerated() {
            for purpose in tunnel.streams { try self.add(purpose, tunnel.startSeconds, tunnel: number, on: bed) }
        }
        for competitor in outline.pattern.competitors {
            let purpose: StreamPurpose = competitor.direction == .up ? .upload : .download
            try self.add(purpose, competitor.startSeconds, tunnel: nil, on: bed)
        }
    }

    private mutating func add(
        _ purpose: StreamPurpose, _ startSeconds: Double, tunnel: Int?, on bed: RigBed
    ) throws(BenchmarkError) {
        let (socket, target) = try bed.connect(throughTunnel: tunnel)
        self.streams.append(
            Stream(
                purpose: purpose, startSeconds: startSeconds, tunnel: tunnel, socket: socket, target: target,
                meter: PayloadMeter(start: Instant(microseconds: 0))))
    }

    /// Starts what is to start `seconds` after `start`, and counts what has come of what runs.
    mutating func advance(from start: Instant, to now: Instant, clock: @escaping @Sendable () -> Instant) {
        let seconds = Double(now.microseconds(since: start)) / 1e6
        for index in self.streams.indices {
            switch self.streams[index].application {
            case .waiting where self.streams[index].startSeconds <= seconds:
                self.streams[index].meter = PayloadMeter(start: start)
                self.streams[index].start(clock)
            case .transfer(let transfer): self.streams[index].count(transfer, now)
            case .waiting, .messages: break
            }
        }
    }

    /// Ends everything; the messages of all.
    mutating func stop() -> [MessageLog] {
        self.streams.compactMap { stream in
            switch stream.application {
            case .waiting: stream.socket.close()
            case .transfer(let transfer): transfer.stop()
            case .messages(let exchange): return exchange.stop()
            }
            return nil
        }
    }

    // MARK: What came of it

    /// Of the direction that is measured.
    var tunnelMeters: [PayloadMeter] {
        let purpose: StreamPurpose = self.outline.pattern.direction == .up ? .upload : .download
        return self.outline.pattern.tunnels.indices.map { number in
            self.streams.first { $0.tunnel == number && $0.purpose == purpose }?.meter
                ?? PayloadMeter(start: Instant(microseconds: 0))
        }
    }

    var flowMeters: [PayloadMeter] { self.streams.filter { $0.tunnel == nil }.map(\.meter) }

    /// Throws if a transfer has not brought a byte.
    func requirePayload() throws(BenchmarkError) {
        for stream in self.streams where stream.purpose != .messages && stream.deliveredByteCount == 0 {
            throw .tunnel("nothing was delivered")
        }
    }
}

extension RigStreams.Stream {
    fileprivate mutating func start(_ clock: @escaping @Sendable () -> Instant) {
        switch self.purpose {
        case .messages: self.application = .messages(MessageExchange(self.socket, now: clock))
        case .download: self.application = .transfer(self.transfer(.download))
        case .upload: self.application = .transfer(self.transfer(.upload))
        }
    }

    private func transfer(_ direction: Direction) -> BulkTransfer {
        BulkTransfer(direction, over: [self.socket], to: self.target)
    }

    fileprivate mutating func count(_ transfer: BulkTransfer, _ now: Instant) {
        let delivered = transfer.deliveredByteCount
        self.meter.add(delivered - self.deliveredByteCount, now: now)
        self.deliveredByteCount = delivered
    }
}
