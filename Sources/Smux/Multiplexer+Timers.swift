public import PacketPrimitives

/// What a timeout brought.
public enum TimeoutResult: Equatable, Sendable {
    /// The session goes on; a sign of life may be waiting in `pollFrame`.
    case alive
    /// The session is over, now or since an earlier call.
    case failed(ProtocolError)
}

/// The two clocks of protocol 04 §6: our signs of life, and the check for the peer's.
struct KeepAlive {
    private let intervalMilliseconds: Int
    private let timeoutMilliseconds: Int
    private var nextSign: Instant
    private var nextCheck: Instant
    /// A sign of life is to be sent. Signs that could not be sent in time do not pile up.
    var isSignDue = false
    /// A frame has come since the last check.
    var hasHeardPeer = false

    init(configuration: Configuration, now: Instant) {
        self.intervalMilliseconds = configuration.keepAliveIntervalSeconds * 1000
        self.timeoutMilliseconds = configuration.keepAliveTimeoutSeconds * 1000
        self.nextSign = now.advanced(milliseconds: self.intervalMilliseconds)
        self.nextCheck = now.advanced(milliseconds: self.timeoutMilliseconds)
    }

    var nextTimeout: Instant { min(self.nextSign, self.nextCheck) }

    mutating func handleSign(now: Instant) {
        guard now >= self.nextSign else { return }
        self.isSignDue = true
        self.nextSign = Self.next(after: self.nextSign, period: self.intervalMilliseconds, now: now)
    }

    /// Returns whether a check was due and the peer was silent since the one before.
    mutating func handleCheck(now: Instant) -> Bool {
        guard now >= self.nextCheck else { return false }
        self.nextCheck = Self.next(after: self.nextCheck, period: self.timeoutMilliseconds, now: now)
        defer { self.hasHeardPeer = false }
        return !self.hasHeardPeer
    }

    /// One period later, or one period from now if that has passed already.
    private static func next(after instant: Instant, period: Int, now: Instant) -> Instant {
        let next = instant.advanced(milliseconds: period)
        return next > now ? next : now.advanced(milliseconds: period)
    }
}

extension Multiplexer {
    /// When `handleTimeout` has something to do; `nil` for never.
    public var nextTimeout: Instant? { self.failure == nil ? self.keepAlive.nextTimeout : nil }

    /// Sends a sign of life before it is due, to see what becomes of it.
    package mutating func sendSignOfLife() { self.keepAlive.isSignDue = true }

    /// Queues a sign of life when one is due, and ends the session if the peer was silent for a whole period.
    /// A session that could not read, because its streams are full, is spared (protocol 04 §6).
    public mutating func handleTimeout(now: Instant) -> TimeoutResult {
        if let failure = self.failure { return .failed(failure) }
        self.keepAlive.handleSign(now: now)
        guard self.keepAlive.handleCheck(now: now), self.canRead else { return .alive }
        self.failure = .peerSilent
        return .failed(.peerSilent)
    }
}
