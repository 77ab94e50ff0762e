import PacketPrimitives

/// What a port keeps to decide who gets a session.
struct AdmissionGate {
    var halfOpen = HalfOpenTable()
    var limiter = PrefixLimiter()
    /// How often strangers are told that they are.
    var disclaimers = PrefixLimiter()
    var silent = SilentSessions()
    /// Whether `ServerPort.sweep` is to be called soon.
    var isSweepScheduled = false

    var isEmpty: Bool { self.halfOpen.count == 0 && self.silent.count == 0 }
}

/// Sessions that have said nothing on the level of streams yet, in the order of their beginning. A client begins with a
/// frame, so they are those that lost it on the way, and those that only look like clients.
struct SilentSessions {
    static let capacity = 256
    static let lifetimeMilliseconds = 5000

    private var sessions: [HostedSession] = []

    var count: Int { self.sessions.count }

    /// Adds a session; returns the one that has to make room for it.
    mutating func add(_ session: HostedSession) -> HostedSession? {
        if self.sessions.count >= Self.capacity { self.removeHeard() }
        self.sessions.append(session)
        return self.sessions.count > Self.capacity ? self.sessions.removeFirst() : nil
    }

    /// Those whose time is up.
    mutating func takeExpired(now: Instant) -> [HostedSession] {
        self.removeHeard()
        let count = self.sessions.prefix { now.milliseconds(since: $0.created) >= Self.lifetimeMilliseconds }.count
        defer { self.sessions.removeFirst(count) }
        return Array(self.sessions.prefix(count))
    }

    private mutating func removeHeard() { self.sessions.removeAll { $0.isEnded || $0.hasHeardFrames } }
}
