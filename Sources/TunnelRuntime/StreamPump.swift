import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

/// One stream's local side: moves bytes between a TCP (or unix) channel and a session, and ends both in step.
///
/// Bytes from the channel wait here until the session fetches them for a frame; reading stops while enough wait.
/// Bytes from the session are gathered during a burst and written once at its end; the session learns what has been
/// written, which is what opens the peer's window again. The two directions end one after the other, or both at
/// once by an error.
final class StreamPump: ChannelInboundHandler, RemovableChannelHandler, StreamHolder {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Unsent bytes at which the channel is not read any more.
    static let readLimit = 256 * 1024
    /// Bytes of one read that are counted at once, and not only at the end of the pass: there may be many such reads in one.
    private static let largeRead = 4096
    /// How long a client keeps the end of its input from a server that may take it for the end of the stream.
    static let finishGraceMilliseconds: Int64 = 2000
    /// How long nobody knows what a stream will be.
    private static let youthMicroseconds = 500_000

    let id: StreamID
    /// Refers back to the pump until the stream ends.
    private let session: HostedSession
    private(set) var context: ChannelHandlerContext?
    /// Text for the log: the two ends.
    let description: StreamDescription

    // From the channel to the session.
    private(set) var pending: PendingBytes
    private var isReading = false
    private var hasRead = false
    private(set) var inputState = InputState.open
    var pendingByteCount: Int { self.pending.byteCount }
    // From the session to the channel.
    private(set) var received = ReceivedBytes()
    private(set) var unwrittenByteCount = 0
    private(set) var outputState = OutputState.open

    /// What was sent before this number has nothing to do with the stream (`TunnelSession.sendMark`).
    private let mark: UInt32
    /// Begins the stream again in another session. The pump stays with the channel until `handOver`.
    var restart: ((StreamPump) -> Void)?
    private let opened: Instant
    private var lastProgress: Instant
    private var bulk = BulkWatch()
    private var lingerTimer: Scheduled<Void>?
    private(set) var isEnded = false
    /// The channel has closed while bytes from it were still waiting to leave.
    private(set) var isDetached = false
    private var isAborted = false
    /// Whether this pump is on its session's list of those with bytes to write.
    var isTouched = false
    /// What its session counts for it.
    private var countedTowardTunnel = 0
    private var countedFromTunnel = 0

    enum InputState {
        case open
        /// The channel has nothing more, but the peer has not been told yet.
        case ended
        case finished
    }

    enum OutputState {
        case open
        /// The peer has nothing more, but what came before is not written yet.
        case ending
        case closed
    }

    /// Made in the middle of the session's work if the peer has opened the stream: asks the session nothing.
    init(id: StreamID, session: HostedSession, description: StreamDescription, mark: UInt32, now: Instant) {
        self.id = id
        self.session = session
        self.description = description
        self.pending = PendingBytes(keepsFetched: session.loop.configuration.role == .client)
        self.mark = mark
        self.opened = now
        self.lastProgress = now
    }

    // MARK: Channel → session

    func handlerAdded(context: ChannelHandlerContext) {
        guard !self.isEnded else { return context.close(promise: nil) }
        self.context = context
        if context.channel.isActive { self.start() }
    }

    func channelActive(context: ChannelHandlerContext) { self.start() }

    private func start() {
        self.readMore()
        self.flush()
        self.finishInput()
    }

    private func readMore() {
        guard !self.isReading, !self.isAborted, !self.isEnded, self.inputState == .open,
            self.pendingByteCount < Self.readLimit, self.session.mayRead, let context
        else { return }
        self.isReading = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        guard self.inputState == .open, buffer.readableBytes > 0 else { return }
        self.lastProgress = self.session.loop.now
        self.readFurther(context)
        self.session.announce(self.id, byteCount: buffer.readableBytes)
        self.pending.append(buffer, sparing: self.session.loop.receiveMemory)
        self.bulk.note(byteCount: buffer.readableBytes, backlog: self.pendingByteCount, now: self.lastProgress)
        self.account()
        if buffer.readableBytes >= Self.largeRead || self.session.loop.receiveMemory.isScarce { self.session.account() }
    }

    /// Tells the session what it holds now.
    private func account() {
        let towardTunnel = self.pending.memoryByteCount
        let fromTunnel = self.received.byteCount + self.unwrittenByteCount
        self.session.bytesTowardTunnel += towardTunnel - self.countedTowardTunnel
        self.session.bytesFromTunnel += fromTunnel - self.countedFromTunnel
        self.countedTowardTunnel = towardTunnel
        self.countedFromTunnel = fromTunnel
    }

    /// The first read is a small one, so that a second follows at once. From then on there is one at a time.
    private func readFurther(_ context: ChannelHandlerContext) {
        guard !self.hasRead else { return }
        self.hasRead = true
        StreamChannelOptions.readOnce(context.channel)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.isReading = false
        self.readMore()
    }

    /// Copies the next bytes, all of which have been announced, into a frame.
    func fill(_ payload: inout MutableRawSpan) {
        self.pending.fetch(&payload, returningTo: self.session.loop.receiveMemory)
        self.bulk.note(backlog: self.pendingByteCount)
        self.session.touch(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            self.inputEnded()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func inputEnded() {
        guard self.inputState == .open else { return }
        self.inputState = .ended
        self.lastProgress = self.session.loop.now
        self.finishInput()
    }

    /// Tells the peer that the input has ended, at once if it keeps the other direction open then.
    ///
    /// The original takes a FIN for the end of the whole stream and drops the answer (protocol 04 §3), so towards a
    /// server that has not said otherwise a client waits until the answer has paused.
    private func finishInput() {
        guard self.inputState == .ended, !self.isEnded else { return }
        if self.session.finishEndsBothDirections, self.outputState == .open, !self.isQuiet {
            return self.startTimer(milliseconds: Self.finishGraceMilliseconds)
        }
        self.inputState = .finished
        self.session.finish(self.id)
        self.endIfDone()
    }

    private var isQuiet: Bool {
        self.session.loop.now.milliseconds(since: self.lastProgress) >= Self.finishGraceMilliseconds
            && self.pendingByteCount == 0
    }

    /// The peer has said that it closes one direction per FIN.
    func peerIntroduced() { self.finishInput() }

    // MARK: Session → channel

    /// Takes payload; it is written when the burst has been handled.
    func receive(_ bytes: RawSpan) {
        guard self.outputState != .closed else { return }
        self.pending.forgetFetched()
        self.received.append(bytes)
        self.session.touch(self)
    }

    /// Nothing follows what has been received.
    func receiveFinish() {
        guard self.outputState == .open else { return }
        self.outputState = .ending
        self.pending.forgetFetched()
        self.session.touch(self)
    }

    /// The peer takes and gives nothing more; what it gave before is still written.
    func receiveAbort() {
        self.isAborted = true
        self.pending.forgetFetched()
        self.session.touch(self)
    }

    /// Writes what has been gathered, reads on, and closes what has ended.
    func flush() {
        defer { self.account() }
        if self.isDetached, self.isAborted || self.pendingByteCount == 0 { return self.end() }
        guard let context, context.channel.isActive, !self.isEnded else { return }
        self.readMore()
        if !self.received.isEmpty { self.writeReceived(context) }
        self.closeOutputIfDone()
        if self.isAborted, self.outputState == .closed { return self.end() }
        self.endIfDone()
    }

    private func writeReceived(_ context: ChannelHandlerContext) {
        let burst = self.received.takeBurst()
        let byteCount = burst.byteCount
        self.unwrittenByteCount += byteCount
        self.bulk.note(byteCount: byteCount, backlog: self.pendingByteCount, now: self.session.loop.now)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { result in self.written(byteCount, result) }
        for piece in burst.full { context.write(self.wrapOutboundOut(piece), promise: nil) }
        context.writeAndFlush(self.wrapOutboundOut(burst.last), promise: promise)
    }

    private func written(_ byteCount: Int, _ result: Result<Void, any Error>) {
        self.unwrittenByteCount -= byteCount
        self.account()
        guard case .success = result, !self.isEnded else { return }
        self.lastProgress = self.session.loop.now
        self.session.consumed(self.id, byteCount: byteCount)
        self.closeOutputIfDone()
    }

    private func closeOutputIfDone() {
        guard self.outputState == .ending, self.unwrittenByteCount == 0, self.received.isEmpty,
            let context, context.channel.isActive
        else { return }
        self.outputState = .closed
        // Towards a peer that ends streams as a whole, what the application still sends would be thrown away.
        if self.isAborted || (self.inputState == .open && self.session.peerEndsBothDirections) { return self.end() }
        context.close(mode: .output, promise: nil)
        if self.inputState == .open { self.startTimer(milliseconds: self.session.lingerMilliseconds) }
        self.finishInput()
        self.endIfDone()
    }

    /// Counts itself by what it moves; until it has had the time to show it, as neither.
    func add(to load: inout LaneLoad, now: Instant) {
        if self.bulk.isBulk(now: now) {
            load.bulkCount += 1
        } else if now.microseconds(since: self.opened) >= Self.youthMicroseconds {
            load.sparseCount += 1
        }
    }

    // MARK: Leaving

    /// Whether nothing waits and nothing has moved for so long.
    func isIdle(milliseconds: Int) -> Bool {
        self.isEmpty && self.session.loop.now.milliseconds(since: self.lastProgress) >= milliseconds
    }

    /// Whether it holds nothing that somebody waits for.
    private var isEmpty: Bool {
        self.pendingByteCount == 0 && self.unwrittenByteCount == 0 && self.received.isEmpty
    }

    /// Takes nothing more from the application, and ends both directions behind what has been taken already.
    func drain() {
        guard !self.isEnded else { return }
        if self.inputState != .finished {
            self.inputState = .finished
            self.session.finish(self.id)
        }
        self.receiveFinish()
        self.session.touch(self)
    }

    // MARK: Beginning again

    /// Leaves a session that the server knows nothing of, but not the channel, if nothing of the stream can have arrived.
    /// Reads no more, but takes what a read brings that has begun.
    func orphan() -> Bool {
        guard !self.isEnded, self.restart != nil, self.context != nil, self.pending.keepsFetched,
            !self.session.session.hasDelivered(since: self.mark)
        else { return false }
        self.lingerTimer?.cancel()
        self.lingerTimer = nil
        self.isEnded = true
        self.pending = self.pending.fromTheBeginning()
        return true
    }

    /// Gives the channel, and what has come from it, to the pump of the stream's second try.
    func handOver(to pump: StreamPump) {
        guard let context else { return }
        pump.begin(with: self.pending, hasRead: self.hasRead, hasEnded: self.inputState != .open)
        self.context = nil
        self.restart = nil
        self.pending = PendingBytes()
        self.account()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// What came before there was this pump.
    func begin(with pending: PendingBytes, hasRead: Bool, hasEnded: Bool) {
        self.pending = pending
        self.hasRead = hasRead
        if pending.byteCount > 0 { self.session.announce(self.id, byteCount: pending.byteCount) }
        if hasEnded { self.inputState = .ended }
    }

    // MARK: End

    /// What has been read may still wait for its turn when both directions have ended.
    private func endIfDone() {
        guard self.inputState == .finished else { return }
        if self.outputState == .closed, self.pendingByteCount == 0 { return self.end() }
        self.startTimer(milliseconds: self.session.lingerMilliseconds)
    }

    private func startTimer(milliseconds: Int64) {
        guard self.lingerTimer == nil, !self.isEnded else { return }
        self.lingerTimer = self.session.loop.isolated.scheduleTask(in: .milliseconds(milliseconds)) { self.timeout() }
    }

    /// A half-closed stream is looked at: finish what waited, or give up if nothing is to come any more.
    private func timeout() {
        self.lingerTimer = nil
        guard !self.isEnded else { return }
        if self.inputState == .ended { return self.finishInput() }
        // Who reads slowly, or not for a while, is not gone.
        if !self.isEmpty { self.lastProgress = self.session.loop.now }
        let idle = Int64(self.session.loop.now.milliseconds(since: self.lastProgress))
        guard idle < self.session.lingerMilliseconds else { return self.giveUp(after: idle) }
        self.startTimer(milliseconds: self.session.lingerMilliseconds - idle)
    }

    /// What is cut off must not look like an end.
    private func giveUp(after milliseconds: Int64) {
        if let context, self.outputState == .open {
            self.session.log.general.info(
                "closing a half-closed connection that has rested for \(milliseconds / 1000) s (-closewait): in: \(self.description.inbound) out: \(self.description.outbound)"
            )
            StreamChannelOptions.resetOnClose(context.channel)
        }
        self.end()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !self.isEnded { self.session.log.pipe(error, self.description) }
        context.close(promise: nil)
    }

    /// The channel is gone. What had been read from it still goes to the peer.
    func channelInactive(context: ChannelHandlerContext) {
        self.restart = nil
        self.context = nil
        guard !self.isEnded else { return }
        self.isDetached = true
        self.outputState = .closed
        self.session.stopReading(self.id)
        if self.inputState != .finished { self.session.finish(self.id) }
        self.inputState = .finished
        if self.pendingByteCount == 0 {
            self.end()
        } else {
            self.startTimer(milliseconds: self.session.lingerMilliseconds)
        }
    }

    /// The session is gone, or the peer has another stream in its place: closes the channel without telling the peer. For
    /// the application that must not look as if everything had come.
    func sessionEnded() {
        guard !self.isEnded else { return }
        if let context { StreamChannelOptions.resetOnClose(context.channel) }
        self.release()
    }

    /// Ends both directions.
    func end() {
        guard !self.isEnded else { return }
        self.release()
        self.session.pumpEnded(self)
    }

    private func release() {
        self.isEnded = true
        self.restart = nil
        self.lingerTimer?.cancel()
        self.lingerTimer = nil
        self.pending = PendingBytes()
        self.received = ReceivedBytes()
        self.account()
        self.context?.close(promise: nil)
        self.context = nil
    }
}
