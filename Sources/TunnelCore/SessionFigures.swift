package import Ciphers
import ErasureCoding
import KCP
import Smux

/// Packets per FEC group, and parity packets added to it.
package struct ShardCounts: Hashable, Sendable, CustomStringConvertible {
    package var data: Int
    package var parity: Int

    package init(data: Int, parity: Int) {
        self.data = data
        self.parity = parity
    }

    /// As people write it: `10/3`.
    package var description: String { "\(self.data)/\(self.parity)" }
}

/// What a session is like at one moment: a copy, free to leave the session's thread.
package struct SessionFigures: Sendable {
    /// Milliseconds.
    package struct RoundTrip: Hashable, Sendable {
        package var smoothed: Int
        package var minimum: Int
        package var variation: Int
        /// The present retransmission timeout.
        package var timeout: Int
    }

    /// Segments.
    package struct Window: Hashable, Sendable {
        /// The send window that was set here.
        package var configured: Int
        /// What the peer takes, as it said last.
        package var peer: Int
        /// What may be in flight now: the least of these two and of the congestion window.
        package var applied: Int
        package var inFlight: Int
        /// Waiting to be let out.
        package var queued: Int
    }

    /// Bytes, roughly.
    package struct Memory: Hashable, Sendable {
        /// Sent and not acknowledged, or waiting to be sent.
        package var sending = 0
        /// Received and waiting for what comes before, or for the application.
        package var receiving = 0
        package var errorCorrection = 0
        package var compression = 0

        package init() {}

        package static func += (left: inout Memory, right: Memory) {
            left.sending += right.sending
            left.receiving += right.receiving
            left.errorCorrection += right.errorCorrection
            left.compression += right.compression
        }
    }

    package var conversationID: UInt32
    package var cipher: CipherSuite
    /// What decides when this end sends.
    package var rules: SendingRules
    /// Whether the peer has said that a model of the path, or a fixed rate, decides when it sends.
    package var isPeerRateControlled: Bool
    package var smuxVersion: Int
    package var usesCompression: Bool
    /// What this end adds; `nil` if it sends no parity (yet).
    package var sentShards: ShardCounts?
    /// What the peer has shown to add.
    package var receivedShards: ShardCounts?
    /// Whether the peer has said that it is a program of this project.
    package var isPeerIntroduced: Bool
    package var streamCount: Int
    /// `nil` before the first measurement.
    package var roundTrip: RoundTrip?
    package var window: Window
    package var memory: Memory
}

extension TunnelSession {
    /// What the session is like now.
    package var figures: SessionFigures {
        SessionFigures(
            conversationID: self.conversationID, cipher: self.configuration.cipher,
            rules: self.configuration.rules, isPeerRateControlled: self.peerModelsPath,
            smuxVersion: Int(self.streams.multiplexer.configuration.version),
            usesCompression: self.streams.usesCompression, sentShards: self.sentShards,
            receivedShards: self.receivedShards,
            isPeerIntroduced: self.isPeerIntroduced, streamCount: self.streamCount,
            roundTrip: self.roundTrip, window: self.window, memory: self.memory)
    }

    /// The shortest round trip so far, with a model of the path lately; `nil` before the first measurement.
    package var minimumRoundTripMilliseconds: Int? { self.conversation.minimumRoundTripMilliseconds }

    /// Whether the peer has said that it is a program of this project.
    package var isPeerIntroduced: Bool { self.streams.multiplexer.peerCapabilities != nil }

    private var sentShards: ShardCounts? {
        switch self.parityEncoder {
        case .some(let encoder) where encoder.isGrouping:
            ShardCounts(data: encoder.dataShards, parity: encoder.parityShards)
        default: nil
        }
    }

    private var receivedShards: ShardCounts? {
        switch self.parityDecoder {
        case .some(let decoder):
            decoder.confirmedRatio.map { ShardCounts(data: $0.dataShards, parity: $0.parityShards) }
        case .none: nil
        }
    }

    private var roundTrip: SessionFigures.RoundTrip? {
        guard let minimum = self.conversation.minimumRoundTripMilliseconds else { return nil }
        return SessionFigures.RoundTrip(
            smoothed: self.conversation.smoothedRoundTripMilliseconds, minimum: minimum,
            variation: self.conversation.roundTripVariationMilliseconds,
            timeout: self.conversation.retransmissionTimeoutMilliseconds)
    }

    private var window: SessionFigures.Window {
        SessionFigures.Window(
            configured: self.conversation.configuration.sendWindow, peer: self.conversation.remoteWindowSegmentCount,
            applied: self.conversation.windowSegmentCount, inFlight: self.conversation.inFlightSegmentCount,
            queued: self.conversation.queuedSegmentCount)
    }

    var memory: SessionFigures.Memory {
        var memory = SessionFigures.Memory()
        (memory.sending, memory.receiving) = self.conversation.memory
        switch self.parityEncoder {
        case .some(let encoder): memory.errorCorrection += encoder.memoryByteCount
        case .none: break
        }
        switch self.parityDecoder {
        case .some(let decoder): memory.errorCorrection += decoder.memoryByteCount
        case .none: break
        }
        memory.compression = self.streams.compressionByteCount
        return memory
    }
}
