package import PacketPrimitives

// How much the peer may have under way on a stream (version 2). The peer takes over whatever the last update says.
extension Multiplexer {
    /// What the stream may have under way when it is the only busy one, bytes.
    func window(of slot: Int) -> Int {
        self.configuration.streamBufferByteCount << Int(self.table[slot].wideningCount)
    }

    /// A window below this would cost a stream more than it leaves to the others, bytes.
    private static let smallestGrant = 65536

    /// What the peer is told, bytes: the window, or less of it while other streams hold an eighth of the session's buffer.
    /// What is left is shared among the busy ones, so that a stream that stops, too, leaves something to the others.
    mutating func grantWindow(to slot: Int) -> Int {
        let busyStreamCount = min(Int(self.grantCount &- self.table[slot].grantNumber), self.table.count)
        self.grantCount &+= 1
        self.table[slot].grantNumber = self.grantCount
        let room = max(self.bucket, 0) + self.table[slot].unconsumedByteCount
        let isShort = 8 * room < 7 * self.bucketSize
        let limit = isShort ? max(room / (busyStreamCount + 3), Self.smallestGrant) : .max
        self.table[slot].grantedByteCount = min(self.window(of: slot), limit)
        return self.table[slot].grantedByteCount
    }

    /// Makes the window of a stream four times as large if its peer may have to wait for it: an eighth of the window has
    /// been taken within about `milliseconds`, and not much waits to be. That is early, as a sender that searches for its
    /// rate sends several times as much until it hears of it. The session may then hold so much more in sum, too.
    /// - Parameters:
    ///   - byteCount: what has just been taken.
    ///   - limit: bytes; the window does not grow beyond.
    package mutating func widenWindow(
        _ id: StreamID, taking byteCount: Int, eighthTakenWithin milliseconds: Int, now: Instant, limit: Int
    ) {
        guard self.isWindowed, let slot = self.table.slot(of: id) else { return }
        let window = self.window(of: slot)
        let taken = self.table[slot].pace.take(byteCount, within: milliseconds, now: now)
        // Of what an application is slow to take there is enough already.
        let isKeptUpWith = 8 * self.table[slot].unconsumedByteCount < window
        guard 8 * taken >= window, 2 * window <= limit, isKeptUpWith else { return }
        self.table[slot].pace = TakingPace()
        self.table[slot].wideningCount += 4 * window <= limit ? 2 : 1
        self.bucket += self.window(of: slot) - window
        self.bucketSize += self.window(of: slot) - window
        self.table[slot].flags.insert(.updatePending)
        self.stateChanged(slot)
    }
}

/// How much an application has taken of a stream lately.
struct TakingPace {
    private var start: UInt32 = 0
    private var current: UInt32 = 0
    private var previous: UInt32 = 0

    /// Adds what has just been taken.
    /// - Returns: how much has been taken in the last `milliseconds`, give or take a half of it.
    mutating func take(_ byteCount: Int, within milliseconds: Int, now: Instant) -> Int {
        let elapsed = Int(now.milliseconds &- self.start)
        if 2 * elapsed >= milliseconds {
            self.previous = elapsed < milliseconds ? self.current : 0
            self.current = 0
            self.start = now.milliseconds
        }
        self.current &+= UInt32(truncatingIfNeeded: byteCount)
        return Int(self.current) + Int(self.previous)
    }
}
