import PacketPrimitives
import Smux

/// An application that keeps the books of its streams, and says what cannot be.
final class StreamLedger: StreamSink, StreamSource {
    private struct Entry {
        var held = 0
        var announced = 0
        var hasEnded = false
        var isFinished = false
        /// The application takes nothing more.
        var isDeaf = false
        var isGone = false
    }

    private var entries: [StreamID: Entry] = [:]
    /// What cannot be.
    private(set) var failure: String?

    /// What the multiplexer may still send.
    var announcedByteCount: Int { self.entries.values.reduce(0) { $0 + $1.announced } }
    var heldByteCount: Int { self.entries.values.reduce(0) { $0 + $1.held } }

    private func require(_ isRight: Bool, _ text: String, _ id: StreamID) {
        if !isRight, self.failure == nil { self.failure = "stream \(id): \(text)" }
    }

    // MARK: What the application does

    /// A peer may have used the id before.
    func open(_ id: StreamID) { self.entries[id] = Entry() }

    func canAnnounce(_ id: StreamID) -> Bool {
        guard let entry = self.entries[id] else { return false }
        return !entry.isFinished && !entry.isGone
    }

    func announce(_ id: StreamID, byteCount: Int) { self.entries[id]?.announced += byteCount }

    func finish(_ id: StreamID) { self.entries[id]?.isFinished = true }

    func stopReading(_ id: StreamID) {
        self.entries[id]?.isDeaf = true
        self.entries[id]?.held = 0
    }

    func abandon(_ id: StreamID) {
        self.stopReading(id)
        self.entries[id]?.isGone = true
        self.entries[id]?.announced = 0
    }

    /// Takes up to so many of the bytes that are held; returns how many.
    func consume(_ id: StreamID, atMost limit: Int) -> Int {
        let byteCount = min(limit, self.entries[id]?.held ?? 0)
        self.entries[id]?.held -= byteCount
        return byteCount
    }

    // MARK: What the multiplexer says

    /// A peer may use an id again once both sides are done with it.
    func streamOpened(_ id: StreamID) { self.entries[id] = Entry() }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        guard let entry = self.entries[id] else { return self.require(false, "bytes before it was opened", id) }
        self.require(!entry.hasEnded, "bytes behind its end", id)
        self.require(!entry.isDeaf, "bytes for nobody", id)
        self.require(bytes.byteCount > 0, "no bytes", id)
        self.entries[id]?.held += bytes.byteCount
    }

    func streamFinished(_ id: StreamID) {
        self.require(self.entries[id]?.hasEnded == false, "an end without a beginning, or two", id)
        self.entries[id]?.hasEnded = true
    }

    func streamAborted(_ id: StreamID) {
        self.require(self.entries[id]?.hasEnded == true, "given up before it ended", id)
        self.entries[id]?.held = 0
        self.entries[id]?.isGone = true
    }

    func peerIntroduced(capabilities: Capabilities) {}

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        let announced = self.entries[id]?.announced ?? 0
        self.require(payload.byteCount <= announced, "more is sent than was announced", id)
        self.entries[id]?.announced -= payload.byteCount
    }
}
