import NIOCore

/// How far a stream's local side has come.
package enum StreamStage: String, Sendable, CaseIterable {
    /// The connection to the target is being made.
    case connecting
    case open
    /// One direction has ended.
    case halfClosed = "half_closed"
    /// The local connection is gone; what came from it still leaves.
    case closing
}

/// The streams of a session by stage, and what they hold.
package struct StreamCensus: Hashable, Sendable {
    private var counts: [Int]
    /// Bytes from local connections that wait for the session.
    package var bytesTowardTunnel = 0
    /// Bytes from the session that wait for local connections.
    package var bytesFromTunnel = 0

    package init() { self.counts = Array(repeating: 0, count: StreamStage.allCases.count) }

    package subscript(stage: StreamStage) -> Int {
        get { self.counts[Self.index(of: stage)] }
        set { self.counts[Self.index(of: stage)] = newValue }
    }

    private static func index(of stage: StreamStage) -> Int {
        switch stage {
        case .connecting: 0
        case .open: 1
        case .halfClosed: 2
        case .closing: 3
        }
    }

    package static func += (left: inout StreamCensus, right: StreamCensus) {
        for index in left.counts.indices { left.counts[index] += right.counts[index] }
        left.bytesTowardTunnel += right.bytesTowardTunnel
        left.bytesFromTunnel += right.bytesFromTunnel
    }
}

extension StreamPump {
    var stage: StreamStage {
        if self.isDetached { return .closing }
        guard self.context != nil else { return .connecting }
        return self.inputState == .open && self.outputState == .open ? .open : .halfClosed
    }

    /// Takes note of itself.
    func add(to census: inout StreamCensus) {
        census[self.stage] += 1
        census.bytesTowardTunnel += self.pendingByteCount
        census.bytesFromTunnel += self.received.byteCount + self.unwrittenByteCount
    }
}
