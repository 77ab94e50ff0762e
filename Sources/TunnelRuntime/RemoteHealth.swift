import PacketPrimitives

/// What is known of something that sessions need, and when it may be tried again after a failure.
struct RemoteHealth: Equatable {
    /// Since when it has failed; `nil` while nothing speaks against it.
    private(set) var failedSince: Instant?
    private var lastFailure: Instant?
    private var backOff = BackOff()
    private var retry: Instant?

    /// Even a connection that has just come in waits as long between two tries.
    static let urgentMilliseconds = 1000

    var isFailed: Bool { self.failedSince != nil }

    /// When to try it again; at any time while it has not failed.
    /// - Parameter isUrgent: somebody has just come who needs it.
    func dueTime(isUrgent: Bool = false) -> Instant {
        guard let retry, let lastFailure else { return Instant(microseconds: 0) }
        return isUrgent ? min(retry, lastFailure.advanced(milliseconds: Self.urgentMilliseconds)) : retry
    }

    /// A try that began at `start` has failed. Tries at the same time count as one.
    /// - Returns: whether that is news.
    mutating func noteFailure(_ failure: RemoteFailure, start: Instant, now: Instant, random: UInt32) -> Bool {
        if let lastFailure, start < lastFailure { return false }
        let isNews = !self.isFailed
        self.failedSince = self.failedSince ?? now
        self.lastFailure = now
        let wait = failure.mayBeTheWay && isNews ? 0 : self.backOff.next(random: random)
        self.retry = now.advanced(milliseconds: wait)
        return isNews
    }

    /// Somebody is trying it: nobody else need do so before `time`.
    mutating func reserve(until time: Instant) {
        if let retry { self.retry = max(retry, time) }
    }
}

/// Why a remote, or one of its addresses, is not used for the moment.
enum RemoteFailure: Equatable {
    /// Nothing valid has come for so long from a server that a session was begun with.
    case unanswered(milliseconds: Int)
    /// The same in a session that had worked.
    case silent(milliseconds: Int)
    /// The system refuses: no way there, nobody at the port, no such name.
    case refused(String)
    /// The session ended before it worked.
    case ended(String)

    /// A new session from another port may be all that it takes.
    var mayBeTheWay: Bool {
        if case .silent = self { true } else { false }
    }
}

extension RemoteFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unanswered(let milliseconds): "no valid answer for \(Self.seconds(milliseconds)) s"
        case .silent(let milliseconds): "nothing has come from it for \(Self.seconds(milliseconds)) s"
        case .refused(let reason), .ended(let reason): reason
        }
    }

    /// With one decimal.
    static func seconds(_ milliseconds: Int) -> Double { (Double(milliseconds) / 100).rounded() / 10 }
}
