/// What goes wrong in a run, and when, besides what the links do to single datagrams. Times are milliseconds since the
/// beginning of the run.
package struct FaultSchedule: Equatable, Sendable {
    package enum Event: Equatable, Sendable {
        /// What the client sends comes from another address from now on, and only what is sent there reaches it.
        case rebinding
        /// All that the client knows is gone.
        case clientRestart(downMilliseconds: Int)
        case serverRestart(downMilliseconds: Int)
        /// Datagrams that were recorded earlier come once more; from the address that they came from, or from elsewhere.
        case replay(count: Int, fromElsewhere: Bool)
    }

    package struct Entry: Equatable, Sendable {
        package var time: Int
        package var event: Event
    }

    /// Nothing gets through.
    package struct Blackout: Equatable, Sendable {
        package var start: Int
        package var milliseconds: Int
        package var hitsRequests: Bool
        package var hitsAnswers: Bool
    }

    /// Ordered by time.
    package var entries: [Entry] = []
    package var blackouts: [Blackout] = []
    /// From then on nothing goes wrong any more.
    package var calmTime: Int

    package init(calmTime: Int) { self.calmTime = calmTime }

    /// The faults of a link that begins at `start`, one direction.
    func outages(from start: UInt64, where isHit: (Blackout) -> Bool) -> [LinkFault] {
        self.blackouts.filter(isHit).map { blackout in
            let begin = start + UInt64(blackout.start) * 1000
            return .outage(
                fromMicroseconds: begin, untilMicroseconds: begin + UInt64(blackout.milliseconds) * 1000)
        }
    }
}

extension FaultSchedule {
    init(_ draw: SeedDraw) {
        let length = draw.pick([300, 1500, 5000, 12_000])
        self.init(calmTime: length)
        for _ in 0..<draw.number(0...2) where draw.happens(0.5) { self.addBlackout(draw, within: length) }
        for _ in 0..<draw.pick([0, 0, 1, 2, 4]) { self.add(.rebinding, draw, within: length) }
        for _ in 0..<draw.pick([0, 0, 1, 3]) {
            self.add(.replay(count: draw.pick([1, 5, 30]), fromElsewhere: draw.happens(0.5)), draw, within: length)
        }
        if draw.happens(0.2) { self.add(.clientRestart(downMilliseconds: draw.number(0...800)), draw, within: length) }
        if draw.happens(0.25) {
            self.add(.serverRestart(downMilliseconds: draw.number(500...2500)), draw, within: length)
        }
        self.entries.sort { $0.time < $1.time }
    }

    private mutating func add(_ event: Event, _ draw: SeedDraw, within length: Int) {
        self.entries.append(Entry(time: draw.number(0...length), event: event))
    }

    /// Most are short; some are longer than any session lives.
    private mutating func addBlackout(_ draw: SeedDraw, within length: Int) {
        let direction = draw.number(0...3)
        let blackout = Blackout(
            start: draw.number(0...length), milliseconds: draw.pick([60, 300, 1000, 3000, 8000, 25_000, 70_000]),
            hitsRequests: direction != 1, hitsAnswers: direction != 2)
        self.blackouts.append(blackout)
        self.calmTime = max(self.calmTime, blackout.start + blackout.milliseconds)
    }
}

extension FaultSchedule: CustomStringConvertible {
    package var description: String {
        let times = self.blackouts.map { ($0.start, "\($0)") } + self.entries.map { ($0.time, "\($0.event)") }
        return times.sorted { $0.0 < $1.0 }.map { "\($0.0) ms \($0.1)" }.joined(separator: ", ")
            + " calm from \(self.calmTime) ms"
    }
}

extension FaultSchedule.Event: CustomStringConvertible {
    package var description: String {
        switch self {
        case .rebinding: "rebinding"
        case .clientRestart(let down): "client restarted, down \(down) ms"
        case .serverRestart(let down): "server restarted, down \(down) ms"
        case .replay(let count, let fromElsewhere): "\(count) replayed\(fromElsewhere ? " from elsewhere" : "")"
        }
    }
}

extension FaultSchedule.Blackout: CustomStringConvertible {
    package var description: String {
        "blackout of \(self.milliseconds) ms"
            + (self.hitsRequests && self.hitsAnswers ? "" : self.hitsRequests ? " of requests" : " of answers")
    }
}
