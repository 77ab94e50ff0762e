import PacketPrimitives
import Smux
import TunnelCore

/// All streams of one session at one end.
final class ScriptedApplication: StreamSink, StreamSource {
    private let role: TunnelRole
    private let conversation: UInt32
    private let registry: StreamRegistry
    private let findings: FindingList
    private let sabotage: Sabotage?
    private var streams: [StreamID: ScriptedStream] = [:]
    /// Those that are not settled.
    private var busy: [ScriptedStream] = []
    private(set) var completeStreamCount = 0
    /// Bytes that have come to where a saboteur waits for them.
    private var sabotageCount = 0

    init(
        role: TunnelRole, conversation: UInt32, registry: StreamRegistry, findings: FindingList, sabotage: Sabotage?
    ) {
        self.role = role
        self.conversation = conversation
        self.registry = registry
        self.findings = findings
        self.sabotage = sabotage
    }

    var isSettled: Bool { self.busy.isEmpty }
    var heldByteCount: Int {
        self.sabotage == .hoardedBytes ? self.receivedByteCount : self.busy.reduce(0) { $0 + $1.heldByteCount }
    }
    var largestHeldByteCount: Int { self.busy.reduce(0) { max($0, $1.heldByteCount) } }
    var nextTimeout: Instant? { self.busy.reduce(nil) { Instant.earliest($0, $1.nextTimeout) } }
    var progress: String { self.busy.map(\.progress).joined(separator: "; ") }
    /// How many bytes have come in all.
    var receivedByteCount: Int { self.streams.values.reduce(0) { $0 + $1.receivedByteCount } }

    /// The application opens a stream.
    func open(_ id: StreamID, script: StreamScript, now: Instant) {
        self.add(self.registry.add(script, conversation: self.conversation, id: id), now: now)
    }

    private func add(_ record: StreamRecord, now: Instant) {
        let stream = ScriptedStream(record, role: self.role, now: now)
        self.streams[record.id] = stream
        self.busy.append(stream)
    }

    /// Lets every stream do what is due.
    func act(on session: FaultedSession, now: Instant) {
        // What has been done wrong is not to be built upon.
        guard self.findings.isEmpty else { return }
        // What is consumed may bring in new streams, which have their turn the next time.
        for stream in self.busy { stream.act(on: session, now: now) }
        self.busy.removeAll { stream in
            if stream.isComplete { self.completeStreamCount += 1 }
            return stream.isSettled
        }
    }

    /// The streams end, and their applications are told so.
    func sessionEnded() {
        for stream in self.busy { stream.sessionEnded() }
        self.busy = []
    }

    private func require(_ defect: String?, _ id: StreamID) {
        if let defect {
            self.findings.add("stream \(id) of \(String(self.conversation, radix: 16)) at the \(self.role): \(defect)")
        }
    }

    // MARK: What the session says

    func streamOpened(_ id: StreamID) {
        guard self.streams[id] == nil else { return self.require("opened twice", id) }
        guard self.role == .server, let record = self.registry.record(conversation: self.conversation, id: id) else {
            return self.require("opened by nobody", id)
        }
        self.add(record, now: self.findings.now)
    }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        guard let stream = self.streams[id] else { return self.require("bytes before it was opened", id) }
        if let sabotage, self.tampers(sabotage, bytes, stream) { return }
        self.require(stream.receive(bytes), id)
    }

    func streamFinished(_ id: StreamID) {
        guard let stream = self.streams[id] else { return self.require("an end before it was opened", id) }
        if self.sabotage == .lostEnd { return }
        self.require(stream.receiveEnd(), id)
    }

    func streamAborted(_ id: StreamID) {
        guard let stream = self.streams[id] else { return self.require("given up before it was opened", id) }
        self.require(stream.receiveAbort(), id)
    }

    func peerIntroduced(capabilities: Capabilities) {}

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) { self.streams[id]?.fill(&payload) }

    // MARK: Sabotage

    /// Does something wrong with bytes of a stream, once. Returns whether they have been seen to.
    private func tampers(_ sabotage: Sabotage, _ bytes: RawSpan, _ stream: ScriptedStream) -> Bool {
        self.sabotageCount += bytes.byteCount
        guard self.sabotageCount >= 1000, bytes.byteCount > 1 else { return false }
        var pieces: [[UInt8]]
        switch sabotage {
        case .changedByte:
            pieces = [[UInt8](copying: bytes)]
            pieces[0][0] ^= 1
        case .lostByte: pieces = [[UInt8]([UInt8](copying: bytes).dropFirst())]
        case .repeatedByte: pieces = [[UInt8](copying: bytes), [UInt8](copying: bytes)]
        case .earlyEnd:
            self.require(stream.receiveEnd(), stream.record.id)
            pieces = [[UInt8](copying: bytes)]
        default: return false
        }
        self.sabotageCount = .min / 2
        for piece in pieces { self.require(stream.receive(unsafe piece.span.bytes), stream.record.id) }
        return true
    }
}
