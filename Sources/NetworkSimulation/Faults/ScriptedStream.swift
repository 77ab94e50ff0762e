import PacketPrimitives
import Smux
import TunnelCore

/// The application at one end of a stream: does what the script says, and judges what it gets.
final class ScriptedStream {
    let record: StreamRecord
    let role: TunnelRole
    private let outgoing: StreamContent
    private let incoming: StreamContent
    private let opened: Instant

    // What is sent.
    private var announcedByteCount = 0
    private var filledByteCount = 0
    private var nextChunk: Instant?
    private var hasFinished = false

    // What is received.
    private(set) var receivedByteCount = 0
    private(set) var heldByteCount = 0
    private var nextRead: Instant
    private var hasStalled = false
    private(set) var hasEnded = false

    // Why it is over.
    private var reset: StreamScript.Reset?
    private(set) var isDeaf = false
    private(set) var isGone = false
    private(set) var isAborted = false

    init(_ record: StreamRecord, role: TunnelRole, now: Instant) {
        self.record = record
        self.role = role
        let compressible = record.script.isCompressible
        let request = StreamContent(stream: record.number, role: 0, isCompressible: compressible)
        let answer = StreamContent(stream: record.number, role: 1, isCompressible: compressible)
        (self.outgoing, self.incoming) = role == .client ? (request, answer) : (answer, request)
        self.opened = now
        self.nextRead = now
        self.reset = role == .client ? record.script.clientReset : record.script.serverReset
    }

    private var sending: StreamScript.Direction {
        self.role == .client ? self.record.script.request : self.record.script.answer
    }
    private var receiving: StreamScript.Direction {
        self.role == .client ? self.record.script.answer : self.record.script.request
    }

    /// Everything both ways, to the ends.
    var isComplete: Bool {
        self.hasFinished && self.filledByteCount == self.sending.byteCount && self.hasEnded && self.heldByteCount == 0
    }

    /// Nothing more will happen to it.
    var isSettled: Bool { self.isComplete || self.isGone || self.isAborted }

    // MARK: What it does

    /// When it has something to do by itself; `nil` for never.
    var nextTimeout: Instant? {
        guard !self.isSettled else { return nil }
        var next = self.reset.map { self.opened.advanced(milliseconds: $0.milliseconds) }
        if self.heldByteCount > 0 { next = Instant.earliest(next, self.nextRead) }
        return Instant.earliest(next, self.mayBegin && !self.hasFinished ? self.nextChunk ?? self.opened : nil)
    }

    private var mayBegin: Bool {
        guard self.role == .server else { return true }
        return switch self.record.script.answerBeginning {
        case .atOnce: true
        case .withFirstByte: self.receivedByteCount > 0 || self.hasEnded
        case .behindRequest: self.hasEnded
        }
    }

    /// Does what is due.
    func act(on session: FaultedSession, now: Instant) {
        guard !self.isSettled else { return }
        if let reset, self.opened.advanced(milliseconds: reset.milliseconds) <= now {
            self.reset = nil
            self.giveUp(reset, on: session)
        }
        guard !self.isGone else { return }
        if self.mayBegin { self.send(on: session, now: now) }
        if self.heldByteCount > 0, self.nextRead <= now { self.read(on: session, now: now) }
    }

    private func giveUp(_ reset: StreamScript.Reset, on session: FaultedSession) {
        self.heldByteCount = 0
        if reset.onlyReading {
            self.isDeaf = true
            session.stopReading(self.record.id)
        } else {
            self.isGone = true
            self.record.noteReset(by: self.role)
            session.abandon(self.record.id)
        }
    }

    private func send(on session: FaultedSession, now: Instant) {
        let sending = self.sending
        while !self.hasFinished, self.nextChunk ?? now <= now {
            let byteCount = min(sending.chunkByteCount, sending.byteCount - self.announcedByteCount)
            if byteCount > 0 {
                self.announcedByteCount += byteCount
                session.announce(self.record.id, byteCount: byteCount)
            }
            if self.announcedByteCount == sending.byteCount {
                self.hasFinished = true
                session.finish(self.record.id)
            }
            if sending.pauseMilliseconds > 0 { self.nextChunk = now.advanced(milliseconds: sending.pauseMilliseconds) }
        }
    }

    private func read(on session: FaultedSession, now: Instant) {
        let receiving = self.receiving
        if let stall = receiving.stall, !self.hasStalled, self.receivedByteCount >= stall.byteCount {
            self.hasStalled = true
            self.nextRead = now.advanced(milliseconds: stall.milliseconds)
            return
        }
        let byteCount = min(self.heldByteCount, receiving.readByteCount ?? .max)
        self.heldByteCount -= byteCount
        if receiving.readByteCount != nil {
            self.nextRead = now.advanced(milliseconds: receiving.readPauseMilliseconds)
        }
        session.consumed(self.record.id, byteCount: byteCount, now: now)
    }

    /// Nobody has a use for it any more.
    func sessionEnded() {
        self.heldByteCount = 0
        self.isGone = true
    }

    // MARK: What happens to it

    func fill(_ payload: inout MutableRawSpan) {
        self.outgoing.fill(&payload, from: self.filledByteCount)
        self.filledByteCount += payload.byteCount
    }

    /// What is wrong with it; `nil` if nothing is.
    func receive(_ bytes: RawSpan) -> String? {
        let offset = self.receivedByteCount
        self.receivedByteCount += bytes.byteCount
        self.heldByteCount += bytes.byteCount
        if self.isGone || self.isDeaf { return "bytes for nobody" }
        if self.hasEnded { return "bytes behind the end" }
        if self.receivedByteCount > self.receiving.byteCount { return "more bytes than were sent" }
        return self.incoming.matches(bytes, from: offset) ? nil : "a wrong byte in \(bytes.byteCount) from \(offset)"
    }

    func receiveEnd() -> String? {
        if self.hasEnded { return "two ends" }
        self.hasEnded = true
        if self.isGone { return "an end for nobody" }
        guard !self.isDeaf, self.receivedByteCount < self.receiving.byteCount,
            !self.record.isReset(byPeerOf: self.role)
        else { return nil }
        return "an end after \(self.receivedByteCount) of \(self.receiving.byteCount) bytes, and nobody gave it up"
    }

    func receiveAbort() -> String? {
        self.isAborted = true
        self.heldByteCount = 0
        if !self.hasEnded { return "given up before it ended" }
        return self.record.isReset(byPeerOf: self.role) ? nil : "given up by nobody"
    }

    /// What it is waiting for, for people.
    var progress: String {
        "stream \(self.record.id) at the \(self.role): sent \(self.filledByteCount) of \(self.announcedByteCount) announced"
            + " of \(self.sending.byteCount)\(self.hasFinished ? ", finished" : ""), received \(self.receivedByteCount)"
            + " of \(self.receiving.byteCount), holds \(self.heldByteCount)\(self.hasEnded ? ", ended" : "")"
    }
}
