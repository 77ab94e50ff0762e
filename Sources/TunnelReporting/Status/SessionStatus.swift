import Ciphers
import PacketPrimitives
package import TunnelCore
package import TunnelRuntime

/// A session in `status.json`. Times are in seconds, sizes in bytes, windows in segments.
package struct SessionStatus: Codable, Hashable, Sendable {
    package struct RoundTrip: Codable, Hashable, Sendable {
        package var smoothed: Double
        package var minimum: Double
        package var variation: Double
        package var timeout: Double
    }

    package struct Window: Codable, Hashable, Sendable {
        /// The send window that was set at this end, and what the peer takes at the moment.
        package var configured: Int
        package var peer: Int
        /// What may be in flight now, and is.
        package var applied: Int
        package var inFlight: Int
        /// Sending: waiting to be let out. Receiving: waiting for earlier ones, or for a slow connection.
        package var queued: Int
        package var reordering: Int
        package var unread: Int
    }

    /// Tells the session from all others, also in later documents.
    package var id: String
    /// As people tell it from others: the peer, and on a client the local port too.
    package var name: String
    package var peer: String
    package var local: String
    package var conversation: UInt32
    package var state: String
    package var age: Double
    /// Since the last packet of the peer; absent if there was none.
    package var silence: Double?
    /// Whether the peer owes an acknowledgement.
    package var isWaiting: Bool
    package var cipher: String
    package var smuxVersion: Int
    package var usesCompression: Bool
    /// Packets and parity packets per FEC group, such as `10/3`; absent without parity.
    package var sentShards: String?
    package var receivedShards: String?
    package var streams: Int
    /// Absent before the first measurement.
    package var roundTrip: RoundTrip?
    package var window: Window
    /// Bytes that wait between connections and the session.
    package var queuedStreamBytes: Int
    package var memoryBytes: Int
    package var traffic: TrafficStatus
}

extension SessionStatus {
    package init(_ session: SessionSnapshot, role: TunnelRole) {
        let figures = session.figures
        self.id = "\(session.peer)#\(figures.conversationID)"
        self.name = session.name(role: role)
        self.peer = "\(session.peer)"
        self.local = "\(session.local)"
        self.conversation = figures.conversationID
        self.state = session.state.rawValue
        self.age = Double(session.ageMilliseconds) / 1000
        self.silence = session.silenceMilliseconds.map { Double($0) / 1000 }
        self.isWaiting = session.isWaiting
        self.cipher = figures.cipher.name
        self.smuxVersion = figures.smuxVersion
        self.usesCompression = figures.usesCompression
        self.sentShards = figures.sentShards?.description
        self.receivedShards = figures.receivedShards?.description
        self.streams = figures.streamCount
        self.roundTrip = figures.roundTrip.map { time in
            RoundTrip(
                smoothed: Double(time.smoothed) / 1000, minimum: Double(time.minimum) / 1000,
                variation: Double(time.variation) / 1000, timeout: Double(time.timeout) / 1000)
        }
        self.window = Window(
            configured: figures.window.configured, peer: figures.window.peer, applied: figures.window.applied,
            inFlight: figures.window.inFlight, queued: figures.window.queued,
            reordering: Int(session.statistics.waitingSegments), unread: Int(session.statistics.readySegments))
        self.queuedStreamBytes = session.streams.bytesTowardTunnel + session.streams.bytesFromTunnel
        self.memoryBytes =
            figures.memory.sending + figures.memory.receiving + figures.memory.errorCorrection
            + figures.memory.compression
        self.traffic = TrafficStatus(session.statistics)
    }
}

extension SessionSnapshot {
    /// A client's sessions may have the same peer, and each has a port of its own.
    func name(role: TunnelRole) -> String {
        switch role {
        case .client: "\(self.peer) from :\(self.local.port)"
        case .server: "\(self.peer)"
        }
    }
}
