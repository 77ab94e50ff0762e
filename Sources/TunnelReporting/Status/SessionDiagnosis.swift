import PacketPrimitives
import TunnelCore
import TunnelRuntime

/// Says what is wrong with a session.
struct SessionDiagnosis {
    let session: SessionSnapshot
    let role: TunnelRole
    /// The session in the earlier snapshot, if it was in it, and what has moved since.
    let earlier: SessionSnapshot?
    let rates: TrafficRates?

    /// More loss than this is felt without rate control even with FEC as it is set by default.
    static let highLoss = 0.05
    /// From so many packets on a share means something.
    static let leastPackets: UInt64 = 50
    /// The peer answers within a round trip; after this long without a packet it does not.
    static let longSilenceMilliseconds = 5000

    static func all(from earlier: HostSnapshot?, to later: HostSnapshot) -> [SessionDiagnosis] {
        let before = Dictionary(
            (earlier?.sessions ?? []).map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let seconds = earlier.map { Double(later.time.microseconds(since: $0.time)) / 1e6 } ?? 0
        return later.sessions.map { session in
            let earlier = before[Key(session)]
            let rates = earlier.map { earlier in
                TrafficRates(
                    from: TrafficStatus(earlier.statistics), to: TrafficStatus(session.statistics), seconds: seconds)
            }
            return SessionDiagnosis(session: session, role: later.role, earlier: earlier, rates: rates)
        }
    }

    private struct Key: Hashable {
        let peer: String
        let conversation: UInt32

        init(_ session: SessionSnapshot) {
            self.peer = "\(session.peer)"
            self.conversation = session.figures.conversationID
        }
    }

    var findings: [Finding] {
        if let silence { return [silence] }
        return [self.receivedLoss, self.sentLoss, self.closedWindow ?? self.windowBound].compactMap { $0 }
    }

    private var name: String { self.session.name(role: self.role) }

    private var silence: Finding? {
        let silence = self.session.silenceMilliseconds ?? self.session.ageMilliseconds
        guard self.session.isWaiting, silence >= Self.longSilenceMilliseconds else { return nil }
        let never = self.session.silenceMilliseconds == nil
        return Finding(
            .problem, session: self.name,
            never
                ? "Nothing has come back yet, for \(silence / 1000) s."
                : "The peer owes an answer and has said nothing for \(silence / 1000) s.",
            advice: never
                ? "Is kcptun-server running there, are --key and --crypt the same, and does UDP get through?"
                : "The other end was stopped, or the network between has failed.")
    }

    private var receivedLoss: Finding? {
        guard let rates, let loss = rates.receivedLoss, loss > Self.highLoss, rates.receivedPackets >= Self.leastPackets
        else { return nil }
        let text = "\(FigureText.percent(loss)) of what the peer sends is lost on the way."
        guard !self.session.figures.isPeerRateControlled else {
            return Finding(
                .notice, session: self.name, text,
                advice: "Nothing to do, unless messages are too slow: the other end makes up for it.")
        }
        return Finding(
            .problem, session: self.name, text,
            advice: self.session.figures.receivedShards == nil
                ? "Switch on FEC at the other end (--datashard, --parityshard), or lower its --sndwnd or --ratelimit."
                : "Raise --parityshard at the other end, or lower its --sndwnd or --ratelimit if the link is full.")
    }

    private var sentLoss: Finding? {
        guard let rates, let loss = rates.sentLoss, loss > Self.highLoss, rates.sentPackets >= Self.leastPackets
        else { return nil }
        let isModelled = self.session.figures.rules == .modelled
        return Finding(
            isModelled ? .notice : .problem, session: self.name,
            "\(FigureText.percent(loss)) of what is sent has to be sent again.", advice: self.sentLossAdvice)
    }

    private var sentLossAdvice: String {
        switch self.session.figures.rules {
        case .modelled: "Nothing to do, unless messages are too slow: the sender makes up for it."
        case .fixed: "If the link does not carry the rate of --cc, lower it, or use --cc auto."
        case .original:
            self.session.figures.sentShards == nil
                ? "Use FEC with the same --datashard and --parityshard at both ends, or lower --sndwnd or --ratelimit."
                : "Raise --parityshard, or lower --sndwnd or --ratelimit if the link is full."
        }
    }

    private var closedWindow: Finding? {
        let window = self.session.figures.window
        guard window.peer == 0, window.queued > 0 || self.session.streams.bytesTowardTunnel > 0 else { return nil }
        return Finding(
            .notice, session: self.name, "The peer's receive window is full.",
            advice: "An application at the other end reads too slowly; --smuxver 2 keeps it from holding up the others."
        )
    }

    /// More waits than the window lets out, and did so before: the window is what limits the speed.
    private var windowBound: Finding? {
        guard Self.fillsWindow(self.session), let earlier, Self.fillsWindow(earlier),
            let roundTrip = self.session.figures.roundTrip, roundTrip.smoothed >= Self.leastRoundTripMilliseconds
        else { return nil }
        let window = self.session.figures.window
        // A model that has found the limit is no limit that could be set.
        guard self.session.figures.rules == .original || window.applied >= min(window.configured, window.peer) else {
            return nil
        }
        return Finding(
            .notice, session: self.name,
            "The window of \(window.applied) packets limits the speed, at a round trip of \(roundTrip.smoothed) ms.",
            advice: self.windowAdvice(window))
    }

    private static func fillsWindow(_ session: SessionSnapshot) -> Bool {
        let window = session.figures.window
        return window.applied > 0 && window.inFlight >= window.applied && session.streams.bytesTowardTunnel > 0
    }

    /// With shorter round trips a full window is no limit worth a word.
    private static let leastRoundTripMilliseconds = 10

    private func windowAdvice(_ window: SessionFigures.Window) -> String {
        if window.applied < min(window.configured, window.peer) {
            return "Congestion control (--nc 0) holds it down after losses, or the memory that is left of --memlimit."
        }
        return window.configured <= window.peer
            ? "If the link has room, raise --sndwnd here and --rcvwnd at the other end."
            : "If the link has room, raise --rcvwnd at the other end."
    }
}
