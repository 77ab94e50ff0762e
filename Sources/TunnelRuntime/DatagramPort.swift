import Ciphers
import DatagramIO
import NIOCore
import NIOPosix
import PacketPrimitives
import TunnelCore

/// A datagram carrier on an event loop. NIO tells when it is readable; datagrams move by our own batched system calls.
///
/// NIO reads one message (with GRO that can be a whole burst) before it tells; the port takes that one over and drains
/// the rest itself. What a full socket buffer does not take waits here, and sessions that want to send are told when
/// to go on, so that nothing is dropped by us.
final class DatagramPort: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    let loop: LoopContext
    let socket: any DatagramCarrier
    let isConnected: Bool
    /// Who gets what arrives; set once, before `open`.
    weak var receiver: (any DatagramReceiver)?
    /// The sender of which the receiver wants to see a datagram, should the next one not open either.
    var wantedSample: PeerAddress?
    private(set) var channel: (any Channel)?
    private var blocked: Blocked?
    private var waiting: [HostedSession] = []
    private(set) var isClosed = false
    var junk = JunkWatch()
    var junkSources = JunkSources()
    /// Whether the kernel is known to take no list of whom to turn away.
    var mustTakeAll: Bool
    var waitsToReadmit = false

    /// Reads of one wake-up, in batches, before other work of the loop gets its turn.
    private static let batchesPerRead = 4
    /// There is no event for "room in the socket buffer": how long to wait before trying again.
    static let retryMilliseconds = 1

    private struct Blocked: ~Copyable {
        var slab: PacketSlab
        var next: Int
        let destination: PeerAddress?
        let source: LocalAddress?
    }

    init(loop: LoopContext, socket: any DatagramCarrier, isConnected: Bool) {
        self.loop = loop
        self.socket = socket
        self.isConnected = isConnected
        self.mustTakeAll = isConnected
    }

    /// Hands the socket to the loop, which closes it in the end.
    func open() -> EventLoopFuture<Void> {
        let isolated = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        return DatagramBootstrap(group: self.loop.eventLoop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .channelOption(.receivePacketInfo, value: true)
            .channelOption(.datagramReceiveSegmentSize, value: self.socket.statistics.isCoalescingActive)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(isolated.value) }
            }
            .withBoundSocket(self.socket.descriptor)
            .map { isolated.value.channel = $0 }
    }

    func close() {
        self.isClosed = true
        self.waiting = []
        self.channel?.close(promise: nil)
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.take(self.unwrapInboundIn(data))
        _ = self.drain(Self.batchesPerRead)
        if self.junk.isFlooded { self.pauseReading() }
    }

    /// Reads and hands on what is waiting, so many batches at most. Returns how the last read ended.
    func drain(_ batchLimit: Int) -> ReceiveResult {
        var result = ReceiveResult.full
        for _ in 0..<batchLimit where result == .full {
            result = self.socket.receive(into: &self.loop.batch)
            if !self.loop.batch.isEmpty { self.handleBatch() }
        }
        return result
    }

    private func take(_ envelope: AddressedEnvelope<ByteBuffer>) {
        self.loop.batch.removeAll()
        guard let source = envelope.remoteAddress.peerAddress else { return }
        let destination = envelope.metadata?.packetInfo?.destinationAddress.peerAddress
        self.socket.accept(
            envelope.data.readableBytesSpan, segmentByteCount: envelope.metadata?.segmentSize, from: source,
            to: destination.map { LocalAddress($0) }, into: &self.loop.batch)
    }

    private func handleBatch() {
        let sample = self.wantedSample.flatMap { self.loop.batch.sample(from: $0) }
        if sample != nil { self.wantedSample = nil }
        if let receiver = self.receiver {
            let now = self.loop.now
            let uselessCount = receiver.uselessCount
            let result = receiver.open(&self.loop.batch)
            receiver.port(self, received: self.loop.batch, result, now: now)
            let useless = Int(receiver.uselessCount - uselessCount)
            self.junk.note(useless: useless, useful: max(0, self.loop.batch.slab.count - useless), now: now)
            if useless > 0, !self.mustTakeAll { self.turnAwayLoudest(useless, for: receiver, now: now) }
            if let sample, self.loop.batch.slab[sample.entry].byteCount == 0,
                !self.loop.replays.isRepeated(sample.entry)
            {
                receiver.port(self, couldNotOpen: sample.datagram, from: sample.source)
            }
        }
        self.loop.batch.removeAll()
    }

    /// An error that an earlier datagram caused, such as an answer "port unreachable". The socket stays; an error that
    /// ends it shows up as `channelInactive`.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.receiver?.port(self, failed: error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.channel = nil
        guard !self.isClosed else { return }
        self.isClosed = true
        self.waiting = []
        self.receiver?.portClosed(self)
    }

    // MARK: Sending

    /// Whether datagrams wait for room in the socket buffer. Nothing more may be sent until then.
    var isBlocked: Bool { self.blocked != nil }

    /// Sends all of the loop's slab.
    func sendSlab(to destination: PeerAddress?, from source: LocalAddress?) {
        precondition(!self.isBlocked, "an earlier burst still waits")
        guard !self.isClosed else { return }
        switch self.socket.send(self.loop.slab, startingAt: 0, to: destination, from: source) {
        case .complete:
            break
        case .blocked(let next):
            let slab = self.loop.takeSlab()
            self.blocked = Blocked(slab: slab, next: next, destination: destination, source: source)
            self.retryLater()
        }
    }

    /// Lets the session send as soon as there is room again.
    func resume(_ session: HostedSession) {
        guard !session.waitsForPort, !self.isClosed else { return }
        session.waitsForPort = true
        self.waiting.append(session)
    }

    private func retryLater() {
        self.loop.isolated.scheduleTask(in: .milliseconds(Int64(Self.retryMilliseconds))) { self.retry() }
    }

    private func retry() {
        guard var blocked = self.blocked.take(), !self.isClosed else { return }
        if case .blocked(let next) = self.socket.send(
            blocked.slab, startingAt: blocked.next, to: blocked.destination, from: blocked.source)
        {
            blocked.next = next
            self.blocked = consume blocked
            return self.retryLater()
        }
        var waiting: [HostedSession] = []
        swap(&waiting, &self.waiting)
        for session in waiting {
            session.waitsForPort = false
            self.loop.enqueue(session)
        }
    }
}

/// Who gets what a port receives.
protocol DatagramReceiver: AnyObject {
    /// How many datagrams have been refused so far, for whatever reason.
    var uselessCount: UInt64 { get }
    /// Opens what has arrived, in place, each datagram with the key of its session.
    func open(_ batch: inout ReceiveBatch) -> OpenResult
    /// The batch has been opened; dropped entries have no bytes.
    func port(_ port: DatagramPort, received batch: borrowing ReceiveBatch, _ result: OpenResult, now: Instant)
    /// A datagram of the wanted sender, as it came, that could not be opened.
    func port(_ port: DatagramPort, couldNotOpen datagram: [UInt8], from source: PeerAddress)
    /// Whether the kernel may drop what that source sends for a while. So far it was of no use.
    func mayTurnAway(_ source: PeerAddress) -> Bool
    /// It does so now.
    func port(_ port: DatagramPort, turnedAway source: PeerAddress, now: Instant)
    /// A datagram that we sent came to nothing. Hosts may ignore it: the conversation repeats what matters.
    func port(_ port: DatagramPort, failed error: any Error)
    /// The socket died; the port is of no more use.
    func portClosed(_ port: DatagramPort)
}
