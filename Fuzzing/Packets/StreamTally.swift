import PacketPrimitives
import Smux

/// The application at one end of a tunnel. The bytes of a stream count up, so that each end can check the other's.
final class StreamTally: StreamSink, StreamSource {
    private struct Entry {
        var announced = 0
        var sent = 0
        var received = 0
        var held = 0
        var isFinished = false
        var hasEnded = false
    }

    private static let sendLimit = 4096

    private var entries: [StreamID: Entry] = [:]
    /// What cannot be.
    private(set) var failure: String?

    var openCount: Int { self.entries.count }

    /// One of the streams that are not finished.
    func writableStream(_ choice: UInt8) -> StreamID? {
        let ids = self.entries.filter { !$0.value.isFinished }.keys.sorted { $0.rawValue < $1.rawValue }
        return ids.isEmpty ? nil : ids[Int(choice) % ids.count]
    }

    /// Returns how many more bytes there are.
    func announce(_ id: StreamID, byteCount: Int) -> Int {
        let byteCount = min(byteCount, Self.sendLimit - self.entries[id, default: Entry()].announced)
        self.entries[id]?.announced += byteCount
        return byteCount
    }

    func finish(_ id: StreamID) { self.entries[id]?.isFinished = true }

    func takeHeld() -> [(StreamID, Int)] {
        let held = self.entries.filter { $0.value.held > 0 }.map { ($0.key, $0.value.held) }
            .sorted { $0.0.rawValue < $1.0.rawValue }
        for (id, _) in held { self.entries[id]?.held = 0 }
        return held
    }

    /// Whether all that the other end has announced and finished is here.
    func hasAll(of other: StreamTally) -> Bool {
        other.entries.allSatisfy { id, theirs in
            let ours = self.entries[id] ?? Entry()
            return ours.received == theirs.announced && ours.hasEnded == theirs.isFinished
        }
    }

    private func fail(_ text: String) { if self.failure == nil { self.failure = text } }

    private static func byte(_ id: StreamID, _ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: index &+ index >> 8 &+ Int(id.rawValue))
    }

    // MARK: What the session says

    func streamOpened(_ id: StreamID) {
        if self.entries[id] != nil { self.fail("stream \(id) was opened twice") }
        self.entries[id] = Entry()
    }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        let start = self.entries[id]?.received ?? 0
        for offset in 0..<bytes.byteCount where bytes.littleEndian(at: offset) != Self.byte(id, start + offset) {
            return self.fail("a wrong byte at \(start + offset) of stream \(id)")
        }
        if self.entries[id]?.hasEnded != false { self.fail("bytes behind the end of stream \(id)") }
        self.entries[id]?.received += bytes.byteCount
        self.entries[id]?.held += bytes.byteCount
    }

    func streamFinished(_ id: StreamID) { self.entries[id]?.hasEnded = true }

    func streamAborted(_ id: StreamID) { self.fail("stream \(id) was given up by nobody") }

    func peerIntroduced(capabilities: Capabilities) {}

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        let start = self.entries[id]?.sent ?? 0
        for offset in 0..<payload.byteCount { payload.storeLittleEndian(Self.byte(id, start + offset), at: offset) }
        self.entries[id]?.sent = start + payload.byteCount
    }
}
