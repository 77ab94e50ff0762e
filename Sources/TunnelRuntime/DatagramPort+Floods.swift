import DatagramIO
import NIOCore
import PacketPrimitives

// What nearly all that arrives being useless changes.
extension DatagramPort {
    /// More has gathered than at other times.
    private static let batchesPerLook = 16

    /// Whether nearly all that arrives is useless.
    var isFlooded: Bool { self.junk.isFlooded }

    /// Has the loop no longer be woken by what arrives.
    func pauseReading() {
        guard let options = self.channel?.syncOptions else { return }
        do {
            try options.setOption(.autoRead, value: false)
            self.lookLater()
        } catch {}  // The channel is closed.
    }

    private func lookLater() {
        self.loop.isolated.scheduleTask(in: .microseconds(Int64(self.junk.pause))) { self.look() }
    }

    /// Takes what has gathered. Errors of the socket are for the channel.
    private func look() {
        guard !self.isClosed, let options = self.channel?.syncOptions else { return }
        let result = self.drain(Self.batchesPerLook)
        self.junk.note(useless: 0, useful: 0, now: self.loop.now)
        switch result {
        case .drained where self.junk.isFlooded: self.lookLater()
        case .full: self.loop.isolated.execute { self.look() }
        case .drained, .failed: try? options.setOption(.autoRead, value: true)
        }
    }

    // MARK: Turning away

    /// Has the kernel drop what those send who have sent most of the useless datagrams.
    func turnAwayLoudest(_ uselessCount: Int, for receiver: any DatagramReceiver, now: Instant) {
        let isAllUseless = uselessCount >= self.loop.batch.slab.count
        var named: [PeerAddress] = []
        for message in self.loop.batch.messages {
            let count = isAllUseless ? message.entries.count : self.unopenedCount(message.entries)
            guard count > 0, self.junkSources.note(count, from: message.source, now: now),
                receiver.mayTurnAway(message.source), self.junkSources.turnAway(message.source, now: now)
            else { continue }
            named.append(message.source)
        }
        guard !named.isEmpty else { return }
        self.updateTurnedAway(now: now)
        guard !self.mustTakeAll else { return }
        for source in named { receiver.port(self, turnedAway: source, now: now) }
    }

    private func unopenedCount(_ entries: Range<Int>) -> Int {
        entries.count { self.loop.batch.slab[$0].byteCount == 0 }
    }

    private func updateTurnedAway(now: Instant) {
        guard !self.isClosed else { return }
        self.mustTakeAll = !self.socket.turnAway(self.junkSources.turnedAwaySources)
        guard !self.waitsToReadmit, let end = self.junkSources.nextEnd else { return }
        self.waitsToReadmit = true
        let delay = TimeAmount.microseconds(Int64(max(0, end.microseconds(since: now))))
        self.loop.isolated.scheduleTask(in: delay) {
            self.waitsToReadmit = false
            let now = self.loop.now
            self.junkSources.readmit(now: now)
            self.updateTurnedAway(now: now)
        }
    }
}
