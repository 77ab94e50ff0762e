package import PacketPrimitives
package import Smux

/// What uses the streams of a simulated end. What the sink is told in the middle of the session's work it notes, and
/// acts when it is served.
package protocol SimulatedApplication: StreamSink, StreamSource {
    /// The end has a session now. A client opens its streams.
    func begin(on end: SimulatedEnd, now: Instant)
    /// Something may have come, or `nextTimeout` has passed.
    func serve(on end: SimulatedEnd, now: Instant)
    /// When it wants to be served if nothing comes; `nil` for never.
    var nextTimeout: Instant? { get }
}

extension SimulatedApplication {
    package func streamFinished(_ id: StreamID) {}
    package func streamAborted(_ id: StreamID) {}
    package func peerIntroduced(capabilities: Capabilities) {}
}
