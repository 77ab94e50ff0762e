package import TunnelReporting

/// What `kcptun top` knows: the last two documents, and how things went before.
package struct TopModel: Sendable {
    /// How fast something moved, over time.
    package struct History: Hashable, Sendable {
        package private(set) var values: [Double] = []
        private static let limit = 240

        mutating func add(_ value: Double) {
            self.values.append(value)
            if self.values.count > Self.limit { self.values.removeFirst() }
        }
    }

    package private(set) var current: StatusDocument?
    /// Of all sessions together; `nil` before the second document.
    package private(set) var rates: TrafficRates?
    /// By `SessionStatus.id`.
    package private(set) var sessionRates: [String: TrafficRates] = [:]
    package private(set) var received = History()
    package private(set) var sent = History()
    package private(set) var roundTrip = History()
    package private(set) var loss = History()
    /// Why there is no newer document.
    package private(set) var trouble: String?
    /// The first session that is shown.
    package private(set) var firstSession = 0

    package init() {}

    /// The next document. One that is not newer than the last says nothing.
    package mutating func add(_ document: StatusDocument) {
        self.trouble = nil
        guard let earlier = self.current, earlier.startTime == document.startTime else { return self.begin(document) }
        let seconds = document.clock - earlier.clock
        guard seconds > 0 else { return }
        let rates = TrafficRates(from: earlier.totals, to: document.totals, seconds: seconds)
        let before = Dictionary(earlier.sessions.map { ($0.id, $0.traffic) }, uniquingKeysWith: { first, _ in first })
        self.sessionRates = [:]
        for session in document.sessions {
            guard let traffic = before[session.id] else { continue }
            self.sessionRates[session.id] = TrafficRates(from: traffic, to: session.traffic, seconds: seconds)
        }
        self.rates = rates
        self.current = document
        self.remember(rates)
    }

    /// The first document of a program that was just started.
    private mutating func begin(_ document: StatusDocument) {
        self = TopModel()
        self.current = document
    }

    private mutating func remember(_ rates: TrafficRates) {
        self.received.add(rates.receivedPayload)
        self.sent.add(rates.sentPayload)
        self.roundTrip.add(self.medianRoundTrip?.smoothed ?? 0)
        self.loss.add(max(rates.receivedLoss ?? 0, rates.sentLoss ?? 0))
    }

    package mutating func fail(_ reason: String) { self.trouble = reason }

    /// Moves through the sessions.
    package mutating func scroll(by count: Int) {
        let last = max(0, (self.current?.sessions.count ?? 0) - 1)
        self.firstSession = min(max(0, self.firstSession + count), last)
    }

    /// The sessions, those first that move most.
    package var sessions: [SessionStatus] {
        (self.current?.sessions ?? []).sorted { left, right in
            let (leftRate, rightRate) = (
                self.sessionRates[left.id]?.payload ?? 0, self.sessionRates[right.id]?.payload ?? 0
            )
            return leftRate == rightRate ? left.age > right.age : leftRate > rightRate
        }
    }

    package var medianRoundTrip: SessionStatus.RoundTrip? {
        let roundTrips = (self.current?.sessions ?? []).compactMap(\.roundTrip).sorted { $0.smoothed < $1.smoothed }
        return roundTrips.isEmpty ? nil : roundTrips[roundTrips.count / 2]
    }
}
