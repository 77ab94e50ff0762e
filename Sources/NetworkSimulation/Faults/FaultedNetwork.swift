import PacketPrimitives

/// The way between the two ends: a link for each direction, the address that the client has at the moment, and somebody
/// who records.
final class FaultedNetwork {
    private struct Recording {
        var bytes: [UInt8]
        var address: Int
        /// Which of the client's sessions has sent it.
        var session: Int
    }

    /// Where nobody is who takes part.
    private static let foreignAddress = 9
    private static let recordingLimit = 200

    /// Of the client, as the server sees it. Never one that was used before.
    private(set) var clientAddress = 10
    private var towardServer: Link
    private var towardClient: Link
    private var recordings: [Recording] = []
    private let random: SeededRandomSource
    private var datagramCount = 0
    private var sessionCount = 0
    private(set) var replayCount = 0

    init(_ plan: FaultPlan, start: Instant) {
        var (there, back) = (plan.towardServer, plan.towardClient)
        there.faults += plan.schedule.outages(from: start.microseconds, where: \.hitsRequests)
        back.faults += plan.schedule.outages(from: start.microseconds, where: \.hitsAnswers)
        self.towardServer = Link(conditions: there, seed: plan.seed &+ 1)
        self.towardClient = Link(conditions: back, seed: plan.seed &+ 2)
        self.random = SeededRandomSource(seed: plan.seed &+ 3)
    }

    /// What goes wrong with single datagrams goes wrong no more.
    func calm() {
        self.towardServer.conditions.faults = []
        self.towardClient.conditions.faults = []
    }

    var statistics: (towardServer: LinkStatistics, towardClient: LinkStatistics) {
        (self.towardServer.statistics, self.towardClient.statistics)
    }

    /// The client has another address from now on.
    func rebind() { self.clientAddress += 1 }

    /// The client begins a session, from another port as the program does.
    func beginSession() {
        self.sessionCount += 1
        self.rebind()
    }

    // MARK: Datagrams

    func sendToServer(_ datagram: RawSpan, now: Instant) {
        self.record(datagram)
        self.towardServer.send(datagram, tag: self.clientAddress, now: now)
    }

    func sendToClient(_ datagram: RawSpan, at address: Int, now: Instant) {
        self.towardClient.send(datagram, tag: address, now: now)
    }

    var nextDelivery: Instant? { Instant.earliest(self.towardServer.nextDelivery, self.towardClient.nextDelivery) }

    func deliverToServer(now: Instant, _ body: (RawSpan, _ address: Int) -> Void) {
        self.towardServer.poll(now: now, deliver: body)
    }

    func deliverToClient(now: Instant, _ body: (RawSpan) -> Void) {
        let address = self.clientAddress
        self.towardClient.poll(now: now) { datagram, tag in
            if tag == address { body(datagram) }
        }
    }

    // MARK: Replays

    /// Keeps some of all that was sent so far.
    private func record(_ datagram: RawSpan) {
        self.datagramCount += 1
        let place =
            self.recordings.count < Self.recordingLimit
            ? self.recordings.count : Int(self.random.next() % UInt64(self.datagramCount))
        guard place < Self.recordingLimit else { return }
        let recording = Recording(
            bytes: [UInt8](copying: datagram), address: self.clientAddress, session: self.sessionCount)
        if place < self.recordings.count {
            self.recordings[place] = recording
        } else {
            self.recordings.append(recording)
        }
    }

    /// Forgets what the client's present session has sent.
    ///
    /// The beginning of a conversation that a restarted server has lost, sent again by somebody, makes a second session
    /// with the same numbers, and the client could take its bytes for those of the first. Nothing in the protocol tells
    /// the two apart.
    func forgetRecent() { self.recordings.removeAll { $0.session == self.sessionCount } }

    func replay(count: Int, fromElsewhere: Bool, now: Instant) {
        guard !self.recordings.isEmpty else { return }
        for _ in 0..<count {
            let recording = self.recordings[Int(self.random.next() % UInt64(self.recordings.count))]
            let address = fromElsewhere ? Self.foreignAddress : recording.address
            self.replayCount += 1
            unsafe self.towardServer.send(recording.bytes.span.bytes, tag: address, now: now)
        }
    }
}
