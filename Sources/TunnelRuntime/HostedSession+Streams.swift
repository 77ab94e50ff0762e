import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

// What streams ask of their session.
extension HostedSession {
    /// Opens a stream and gives it a pump; `nil` if the session cannot take one more.
    func openStream(description: (StreamID) -> StreamDescription) -> StreamPump? {
        guard !self.isEnded, let id = self.session.openStream() else { return nil }
        self.loop.enqueue(self)
        return self.addPump(id, description: description(id), mark: self.session.sendMark)
    }

    /// `mark`: see `StreamPump`; of no use for a stream that the peer has opened.
    private func addPump(_ id: StreamID, description: StreamDescription, mark: UInt32 = 0) -> StreamPump {
        let pump = StreamPump(id: id, session: self, description: description, mark: mark, now: self.loop.now)
        self.pumps[id] = pump
        self.loop.watchForRest()
        return pump
    }

    func announce(_ id: StreamID, byteCount: Int) {
        self.session.announce(id, byteCount: byteCount)
        self.loop.enqueue(self)
    }

    func finish(_ id: StreamID) {
        self.session.finish(id)
        self.loop.enqueue(self)
    }

    func stopReading(_ id: StreamID) {
        self.session.stopReading(id)
        self.loop.enqueue(self)
    }

    func consumed(_ id: StreamID, byteCount: Int) {
        guard !self.isEnded else { return }
        self.session.consumed(id, byteCount: byteCount, now: self.loop.now, sink: self)
        self.loop.enqueue(self)
    }

    /// Notes that a pump has something to do at the end of this pass.
    func touch(_ pump: StreamPump) {
        guard !pump.isTouched else { return }
        pump.isTouched = true
        self.touched.append(pump)
    }

    func pumpEnded(_ pump: StreamPump) {
        guard !self.isEnded, self.pumps.removeValue(forKey: pump.id) != nil else { return }
        self.log.streamClosed(pump.description)
        self.session.abandon(pump.id)
        self.loop.enqueue(self)
    }
}

extension HostedSession: StreamSink, StreamSource {
    // Called in the middle of the session's work: what needs the session again waits for `run`.

    func streamOpened(_ id: StreamID) {
        guard let owner = self.owner else { return }
        self.endFormer(id)
        self.opened.append(self.addPump(id, description: owner.session(self, describe: id)))
    }

    /// A peer that uses an id again has cut off the stream that had it. What that one has not written yet must not count
    /// as the new one's.
    private func endFormer(_ id: StreamID) {
        guard let former = self.pumps[id] else { return }
        former.sessionEnded()
        self.log.streamClosed(former.description)
    }

    func stream(_ id: StreamID, received bytes: RawSpan) { self.pumps[id]?.receive(bytes) }

    func streamFinished(_ id: StreamID) { self.pumps[id]?.receiveFinish() }

    func streamAborted(_ id: StreamID) { self.pumps[id]?.receiveAbort() }

    func peerIntroduced(capabilities: Capabilities) {
        guard capabilities.contains(.halfClose), !self.peerHalfCloses else { return }
        self.peerHalfCloses = true
        self.loop.isolated.execute { for pump in self.pumps.values { pump.peerIntroduced() } }
    }

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) { self.pumps[id]?.fill(&payload) }
}
