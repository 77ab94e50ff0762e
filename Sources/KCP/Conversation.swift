public import PacketPrimitives
package import RateControl

/// One KCP conversation: turns a byte stream into segments and back, acknowledges, and sends again what was lost.
///
/// Feed it stream bytes, packets and time. After every call that changes something drain `pollPackets` until it
/// returns 0, then come back at `nextTimeout` at the latest. Without a path controller, which only this package can
/// give it, it does what the original does at the same calls (protocol 03 §3–§6), packet for packet; with one, that
/// decides what is sent and when. Unlike the original it does not walk over the window: the work per packet is
/// proportional to the segments it touches.
public struct Conversation: ~Copyable {
    /// What became of a packet.
    public enum Disposition: Hashable, Sendable {
        /// All of it was processed.
        case accepted
        /// Processing stopped; the segments before the error count (protocol 03 §4).
        case dropped(DropReason)
    }

    /// Why a packet was dropped.
    public enum DropReason: Hashable, Sendable, CaseIterable {
        /// Fewer bytes than one header; −1 in the original.
        case tooShort
        /// A segment of another conversation; −1 in the original.
        case foreignConversation
        /// A payload length beyond the packet's end; −2 in the original.
        case truncated
        /// −3 in the original.
        case unknownCommand
    }

    /// The number both sides know the conversation by, in every segment.
    public let id: UInt32
    /// What the conversation was set up with, or `update` has changed since.
    public internal(set) var configuration: Configuration
    /// What has been counted so far.
    public internal(set) var statistics = Statistics()

    var sending: SendWindow
    var receiving: ReceiveWindow
    var arrivals: ArrivalOrder
    var acknowledgements: AcknowledgementList
    var roundTrip: RoundTripEstimator
    var congestion: CongestionWindow
    var control: SendControl
    /// How the peer is answered if it makes use of prompt acknowledgements; `nil`: in the original's rhythm.
    var prompt: PromptAcknowledgement?
    var probe = WindowProbe()
    var peerMemory = PeerMemory()
    /// The last question about where the peer is, and whether it has been answered.
    var challenge: PathChallenge?
    package internal(set) var isChallengeAnswered = false
    var cadence = FlushCadence()
    /// When an idle conversation gives unused memory back; `nil` if there is none to speak of.
    var trimTime: Instant?
    /// What the peer's last regular segment said about its window.
    var remoteWindow: UInt32 = 32
    /// What the ACK written last in this drain said; the original leaves it in the fields of WASK and WINS.
    var lastAcknowledgement = AcknowledgementList.Entry()
    /// Segments; see `limitWindows`.
    var windowLimit = Configuration.largestWindow
    /// WASK and WINS that a flush has released for sending.
    var mustSendAsk = false
    var mustSendTell = false
    /// The largest number of times that any segment was sent since the peer's `una` moved last.
    var largestTransmissionCount: UInt32 = 0

    /// A conversation in which nothing was sent yet.
    public init(id: UInt32, configuration: Configuration) {
        self.init(id: id, configuration: configuration, path: nil, overheadByteCount: 0)
    }

    /// The same, with something that directs the sending.
    /// - Parameters:
    ///   - path: directs what is sent and when; `nil` for the original's rules.
    ///   - overheadByteCount: bytes around a packet in its IP datagram, which the path carries too.
    package init(id: UInt32, configuration: Configuration, path: PathController?, overheadByteCount: Int) {
        self.id = id
        self.configuration = configuration
        self.control = SendControl(
            path: path, overheadByteCount: overheadByteCount, firstTag: configuration.initialSequenceNumber)
        let segmentByteCount = configuration.maximumSegmentByteCount
        self.sending = SendWindow(
            initialNumber: configuration.initialSequenceNumber, segmentByteCount: segmentByteCount,
            fastResend: configuration.fastResend)
        self.receiving = ReceiveWindow(
            initialNumber: configuration.initialSequenceNumber, limit: configuration.receiveWindow)
        self.arrivals = ArrivalOrder(initialNumber: configuration.initialSequenceNumber)
        self.acknowledgements = AcknowledgementList(limit: Self.acknowledgementLimit(configuration))
        self.roundTrip = RoundTripEstimator(
            noDelay: configuration.noDelay, intervalMilliseconds: configuration.intervalMilliseconds)
        self.congestion = CongestionWindow(
            isEnabled: configuration.congestionControl, segmentByteCount: segmentByteCount,
            fastResend: configuration.fastResend)
    }

    // MARK: The application's side

    /// Queues stream bytes (copied). Everything is taken; callers keep the backlog small by looking at
    /// `writableByteCount`. Nothing leaves before the next `flush`, or, with a path controller, before the next
    /// `pollPackets`, which numbers and sends what the path lets out.
    public mutating func write(_ bytes: RawSpan) {
        self.statistics.writtenBytes &+= UInt64(bytes.byteCount)
        self.sending.append(bytes)
    }

    /// Queues up to `limit` bytes that `body` writes where they will be sent from; it returns how many. `nil`, without a
    /// call, if there is no such room in one piece now: then build the bytes elsewhere and `write` them.
    package mutating func writeInPlace(limit: Int, _ body: (inout MutableRawSpan) -> Int) -> Int? {
        guard let count = self.sending.appendInPlace(limit: limit, body) else { return nil }
        self.statistics.writtenBytes &+= UInt64(count)
        return count
    }

    /// How many more bytes can be put in before the queue holds more than the window lets out now.
    public var writableByteCount: Int {
        if let path = self.control.path { return self.writableByteCount(path) }
        // The congestion window is 0 until the first flush, which would never come with nothing to send.
        let window = max(self.congestion.applied(to: self.peerLimitedWindow), self.remoteWindow == 0 ? 0 : 1)
        let segments = window - self.sending.inFlightCount
        return max(segments * self.configuration.maximumSegmentByteCount - self.sending.queuedByteCount, 0)
    }

    /// Whether the original would take a write: segments in flight and queued ones do not fill the send window, whatever
    /// the peer's is (protocol 03 §3).
    package var hasRoomForWrite: Bool {
        self.sending.inFlightCount + self.sending.queuedSegmentCount < self.configuration.sendWindow
    }

    /// Late binding: no more than what may leave soon, or shows whether there is more.
    private func writableByteCount(_ path: PathController) -> Int {
        let segmentByteCount = self.configuration.maximumSegmentByteCount
        let room = max(
            path.room(besides: self.control.inFlightByteCount),
            SparseTraffic.queuedByteCount(segmentByteCount: segmentByteCount))
        let limit = min(room, max(self.segmentRoom, 0) * segmentByteCount)
        return max(limit - self.sending.queuedByteCount, 0)
    }

    /// Hands out what the ready queue holds, in order, until `deliver` returns false: that segment was not taken and
    /// stays. Reading from a full queue makes the next flush tell the peer that the window is open again.
    public mutating func read(now: Instant, deliver: (RawSpan) -> Bool) {
        let limit = self.receiving.limit
        var wasFull = self.receiving.readyCount >= limit
        var byteCount = 0
        while self.receiving.readSegment(deliver: { bytes in
            let isTaken = deliver(bytes)
            if isTaken { byteCount += bytes.byteCount }
            return isTaken
        }) {
            let isFull = self.receiving.readyCount >= limit
            if wasFull, !isFull { self.probe.mustTell = true }
            wasFull = isFull
        }
        self.statistics.deliveredBytes &+= UInt64(byteCount)
        self.updateCadence(now: now)
    }

    /// Segments received in order that the application has not taken.
    public var readySegmentCount: Int { self.receiving.readyCount }

    /// The peer is known to make use of prompt acknowledgements.
    package mutating func acknowledgePromptly() {
        if self.prompt == nil { self.prompt = PromptAcknowledgement() }
    }

    // MARK: Figures

    /// The smoothed round-trip time; 0 before the first sample.
    public var smoothedRoundTripMilliseconds: Int {
        if let path = self.control.path { return Int(path.roundTrip.smoothed / 1000) }
        return Int(self.roundTrip.smoothed)
    }
    /// The smallest round-trip time measured, with a path controller lately, so that it may rise again; `nil` before
    /// the first sample.
    public var minimumRoundTripMilliseconds: Int? {
        if let path = self.control.path { return path.roundTrip.minimum.map { Int($0 / 1000) } }
        return self.roundTrip.minimum.map { Int($0) }
    }
    /// How much the round-trip time varies, smoothed.
    public var roundTripVariationMilliseconds: Int {
        if let path = self.control.path { return Int(path.roundTrip.variation / 1000) }
        return Int(self.roundTrip.variation)
    }
    /// What directs the sending, if anything does.
    package var path: PathController? { self.control.path }

    /// The peer is at another host now. Without a path controller nothing changes.
    package mutating func changePath(to path: PathController, now: Instant) {
        guard let present = self.control.path, present !== path else { return }
        self.control.change(to: path, now: now)
    }
    /// The number of the next segment.
    package var nextNumber: UInt32 { self.sending.next }
    /// Whether the peer has said that it has the segment with this number.
    package func hasDelivered(since number: UInt32) -> Bool { number.isBefore(self.sending.first) }
    /// Bytes around a packet in its IP datagram.
    package var overheadByteCount: Int { self.control.overheadByteCount }
    /// How much of the path's bytes in flight is the conversation's own.
    package var inFlightByteCount: Int { self.control.inFlightByteCount }
    /// What it is called among those that share its path.
    package var pathMember: Int { self.control.member }
    /// The present retransmission timeout.
    public var retransmissionTimeoutMilliseconds: Int {
        if let path = self.control.path { return Int(self.control.probe.firstTimeout(path.roundTrip) / 1000) }
        return Int(self.roundTrip.timeout)
    }
    /// Segments with a number that the peer's `una` has not passed.
    public var inFlightSegmentCount: Int { self.sending.inFlightCount }
    /// How many segments have got a number so far, modulo 2³².
    package var numberedSegmentCount: UInt32 { self.sending.next &- self.configuration.initialSequenceNumber }
    /// Bytes that wait for a number.
    public var queuedByteCount: Int { self.sending.queuedByteCount }
    /// The same in segments.
    public var queuedSegmentCount: Int { self.sending.queuedSegmentCount }
    /// Bytes written that the peer's `una` has not passed, queued ones included.
    public var unacknowledgedByteCount: Int { self.sending.bytes.byteCount }
    /// Segments received that wait for one before them.
    public var waitingSegmentCount: Int { self.receiving.waitingCount }
    /// How many segments may be in flight now, by all windows.
    public var windowSegmentCount: Int {
        guard let path = self.control.path else { return self.congestion.applied(to: self.peerLimitedWindow) }
        return min(Int(path.windowByteCount) / self.configuration.mtu, self.peerLimitedWindow)
    }
    /// Memory held for segments sent and not acknowledged, and for those received and not taken; bytes, roughly.
    public var memory: (sending: Int, receiving: Int) {
        (self.sending.memoryByteCount + self.control.log.memoryByteCount, self.receiving.memoryByteCount)
    }
    /// The peer's free window, segments, as last told.
    public var remoteWindowSegmentCount: Int { Int(self.remoteWindow) }
    /// Whether the peer has shown that it knows nothing of this conversation any more.
    public var isForgottenByPeer: Bool { self.peerMemory.isLost }
    /// Whether a segment was sent 20 times without any progress since: the mark of a dead link, which the original sets
    /// and ignores (protocol 08, B3).
    public var isLinkDead: Bool { self.largestTransmissionCount >= 20 }

    /// Both ends' windows, without the congestion window.
    var peerLimitedWindow: Int { min(self.configuration.sendWindow, Int(self.remoteWindow), self.windowLimit) }
}
