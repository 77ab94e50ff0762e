public import PacketPrimitives

/// What a timeout brought.
public enum TimeoutResult: Equatable, Sendable {
    /// The session goes on; a sign of life may be waiting in `pollFrame`.
    case alive
    /// The session is over, now or since an earlier call.
    case failed(ProtocolError)
}

/// The two clocks of protocol 04 §6: our signs of life, and the patience with the peer. The original looks every `timeout`
/// whether anything has come since the last time, so it waits for once to twice as long; this waits for one and a half
/// times as long, whenever the silence begins.
struct KeepAlive {
    private let intervalMilliseconds: Int
    private let patienceMilliseconds: Int
    private var nextSign: Instant
    private var lastHeard: Instant
    /// A sign of life is to be sent. Signs that could not be sent in time do not pile up.
    var isSignDue = false
    /// The silence until the next look means nothing.
    var isExcused = false

    init(configuration: Configuration, now: Instant) {
        self.intervalMilliseconds = configuration.keepAliveIntervalSeconds * 1000
        self.patienceMilliseconds = configuration.keepAliveTimeoutSeconds * 1500
        self.nextSign = now.advanced(milliseconds: self.intervalMilliseconds)
        self.lastHeard = now
    }

    private var nextLook: Instant { self.lastHeard.advanced(milliseconds: self.patienceMilliseconds) }

    var nextTimeout: Instant { min(self.nextSign, self.nextLook) }

    /// A frame has come, or a part of one's payload.
    mutating func noteSign(now: Instant) { self.lastHeard = max(self.lastHeard, now) }

    /// One interval later, or one from now if that has passed already.
    mutating func handleSign(now: Instant) {
        guard now >= self.nextSign else { return }
        self.isSignDue = true
        let next = self.nextSign.advanced(milliseconds: self.intervalMilliseconds)
        self.nextSign = next > now ? next : now.advanced(milliseconds: self.intervalMilliseconds)
    }

    /// Whether the peer has been silent for too long.
    /// - Parameter canRead: what it says would have been heard.
    mutating func isPeerSilent(canRead: Bool, now: Instant) -> Bool {
        guard now >= self.nextLook else { return false }
        guard self.isExcused || !canRead else { return true }
        self.isExcused = false
        self.lastHeard = now
        return false
    }
}

extension Multiplexer {
    /// When `handleTimeout` has something to do; `nil` for never.
    public var nextTimeout: Instant? { self.failure == nil ? self.keepAlive.nextTimeout : nil }

    /// Sends a sign of life before it is due, to see what becomes of it.
    package mutating func sendSignOfLife() { self.keepAlive.isSignDue = true }

    /// Queues a sign of life when one is due, and ends the session if the peer has been silent for too long.
    /// A session that could not read, because its streams are full, is spared (protocol 04 §6).
    public mutating func handleTimeout(now: Instant) -> TimeoutResult {
        if let failure = self.failure { return .failed(failure) }
        self.keepAlive.handleSign(now: now)
        guard self.keepAlive.isPeerSilent(canRead: self.canRead, now: now) else { return .alive }
        self.failure = .peerSilent
        return .failed(.peerSilent)
    }
}
