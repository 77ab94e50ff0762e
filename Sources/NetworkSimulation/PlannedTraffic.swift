package import PacketPrimitives
package import Smux
import TunnelCore

/// One end's application for a `StreamPlan`: the client opens the streams and sends its requests, the server answers
/// each as soon as something of it has come, and both check every byte that they get.
package final class PlannedTraffic: SimulatedApplication {
    private let plan: StreamPlan
    package private(set) var streams: [StreamID: SimulatedStream] = [:]
    private var changed: [StreamID] = []

    package init(plan: StreamPlan) { self.plan = plan }

    package func begin(on end: SimulatedEnd, now: Instant) {
        guard end.role == .client else { return }
        for _ in 0..<self.plan.streamCount {
            let id = end.openStream()
            let stream = SimulatedStream(id: id, plan: self.plan, role: .client)
            self.streams[id] = stream
            Self.send(stream, through: end)
        }
    }

    private static func send(_ stream: SimulatedStream, through end: SimulatedEnd) {
        end.announce(stream.id, byteCount: stream.sendByteCount)
        end.finish(stream.id)
    }

    package var nextTimeout: Instant? { nil }

    package func serve(on end: SimulatedEnd, now: Instant) {
        while let id = self.changed.popLast() {
            guard let stream = self.streams[id] else { continue }
            if end.role == .server, !stream.isAnswering {
                stream.isAnswering = true
                Self.send(stream, through: end)
            }
            let count = stream.takeUnread()
            if count > 0 { end.consumed(id, byteCount: count, now: now) }
        }
    }

    // MARK: Streams

    package func streamOpened(_ id: StreamID) {
        self.streams[id] = SimulatedStream(id: id, plan: self.plan, role: .server)
        self.changed.append(id)
    }

    package func stream(_ id: StreamID, received bytes: RawSpan) {
        guard let stream = self.streams[id] else { return }
        stream.check(bytes)
        self.changed.append(id)
    }

    package func streamFinished(_ id: StreamID) { self.streams[id]?.isFinished = true }

    package func streamAborted(_ id: StreamID) { self.streams[id]?.isAborted = true }

    package func fill(_ id: StreamID, _ payload: inout MutableRawSpan) { self.streams[id]?.fill(&payload) }
}
