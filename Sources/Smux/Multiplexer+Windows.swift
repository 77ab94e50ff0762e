package import PacketPrimitives

// How much the peer may have under way on a stream (version 2). The peer takes over whatever the last update says.
extension Multiplexer {
    /// What the peer is told, bytes.
    func window(of slot: Int) -> Int {
        self.configuration.streamBufferByteCount << Int(self.table[slot].wideningCount)
    }

    /// Doubles the window of a stream whose peer seems to wait for it: half of the window has been taken within
    /// `milliseconds`. The session may then hold so much more in sum, too.
    /// - Parameters:
    ///   - byteCount: what has just been taken.
    ///   - limit: bytes; the window does not grow beyond.
    package mutating func widenWindow(
        _ id: StreamID, taking byteCount: Int, halfTakenWithin milliseconds: Int, now: Instant, limit: Int
    ) {
        guard self.isWindowed, let slot = self.table.slot(of: id), self.takesHalf(slot, byteCount) else { return }
        let elapsed = Int(now.milliseconds &- self.table[slot].halfTime)
        self.table[slot].halfTime = now.milliseconds
        let window = self.window(of: slot)
        guard elapsed < milliseconds, 2 * window <= limit else { return }
        self.table[slot].wideningCount += 1
        self.bucket += window
    }

    /// Whether it is the last `byteCount` bytes that make up half of the window.
    private func takesHalf(_ slot: Int, _ byteCount: Int) -> Bool {
        let taken = self.table[slot].unreportedByteCount
        return 2 * taken >= self.window(of: slot) && 2 * (taken - byteCount) < self.window(of: slot)
    }
}
