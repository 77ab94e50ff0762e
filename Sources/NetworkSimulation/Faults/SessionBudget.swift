import Ciphers
import KCP
import PacketPrimitives
import Smux
import TunnelCore

/// How much a session may hold, as its configuration has it.
struct SessionBudget {
    /// Segments with a number that are not acknowledged, and those without one: a window, and the frame that fills it.
    let inFlightSegments: Int
    let queuedSegments: Int
    /// Segments that wait for the application, and those that wait for one before them.
    let readySegments: Int
    let waitingSegments: Int
    /// What the applications have not taken, of all streams and of one.
    let heldByteCount: Int
    let heldByteCountOfStream: Int
    let receivingMemory: Int
    let parityMemory: Int
    let compressionMemory: Int

    /// A frame with the longest payload, compressed where that makes it longer.
    private static let frameByteCount = 80_000
    /// What a stream of version 2 may send before it hears of a window (protocol 04 §5).
    private static let firstStreamWindow = 262_144
    /// What an automatic stream buffer, and an automatic receive window, may grow to.
    private static let automaticStreamBuffer = 16 << 20
    private static let automaticReceiveWindow = 32_768

    init(_ configuration: SessionConfiguration) {
        let conversation = configuration.conversation
        let multiplexer = configuration.multiplexer
        let isModelled = configuration.rules != .original
        func isAutomatic(_ setting: AutomaticSettings) -> Bool {
            isModelled && configuration.automatic.contains(setting)
        }
        let least = configuration.mtu - configuration.cipher.envelopeByteCount - 8 - SegmentHeader.byteCount
        self.inFlightSegments =
            isAutomatic(.sendWindow) ? KCP.Configuration.largestWindow : conversation.sendWindow
        self.queuedSegments = self.inFlightSegments + Self.frameByteCount / least + 1
        let receiveWindow =
            isAutomatic(.receiveWindow)
            ? max(conversation.receiveWindow, Self.automaticReceiveWindow) : conversation.receiveWindow
        self.readySegments = receiveWindow
        self.waitingSegments = receiveWindow
        // Slots are a power of two; blocks that were used once are kept for a while.
        self.receivingMemory = 2 * receiveWindow * PacketSlab.slotStride + 4 * receiveWindow * 32 + 65_536
        let growth = isAutomatic(.streamBuffer) ? Self.automaticStreamBuffer : 0
        self.heldByteCount = multiplexer.receiveBufferByteCount + Self.frameByteCount + growth
        self.heldByteCountOfStream =
            max(multiplexer.streamBufferByteCount, Self.firstStreamWindow, multiplexer.version == 1 ? .max : growth)
        self.parityMemory = 6 * 256 * PacketSlab.slotStride
        self.compressionMemory = 400_000
    }

    /// What is over it, in words; `nil` if nothing is.
    func excess(of session: FaultedSession) -> String? {
        let window = session.figures.window
        let memory = session.figures.memory
        let statistics = session.statistics
        let application = session.application
        let entries: [(String, Int, Int)] = [
            ("segments in flight", window.inFlight, self.inFlightSegments),
            ("segments queued", window.queued, self.queuedSegments),
            ("segments ready", Int(statistics.readySegments), self.readySegments),
            ("segments waiting", Int(statistics.waitingSegments), self.waitingSegments),
            ("bytes held", application.heldByteCount, self.heldByteCount),
            ("bytes held by one stream", application.largestHeldByteCount, self.heldByteCountOfStream),
            ("bytes for receiving", memory.receiving, self.receivingMemory),
            ("bytes for parity", memory.errorCorrection, self.parityMemory),
            ("bytes for compression", memory.compression, self.compressionMemory),
        ]
        return entries.first { $0.1 > $0.2 }.map { "\($0.1) \($0.0), the limit is \($0.2)" }
    }
}
