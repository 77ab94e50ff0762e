import PacketPrimitives
package import Smux
import TunnelCore

/// What the streams of a simulation carry: how many, and how much each way. Both ends know it, so that each can check
/// every byte that it gets.
package struct StreamPlan: Sendable {
    package var streamCount: Int
    /// Bytes of each stream from the client to the server, and back.
    package var requestByteCount: Int
    package var responseByteCount: Int
    /// Decides the bytes.
    package var seed: UInt64

    package init(streamCount: Int, requestByteCount: Int, responseByteCount: Int, seed: UInt64) {
        self.streamCount = streamCount
        self.requestByteCount = requestByteCount
        self.responseByteCount = responseByteCount
        self.seed = seed
    }
}

/// The application at one end of a stream.
package final class SimulatedStream {
    package let id: StreamID
    package let sendByteCount: Int
    package let expectedByteCount: Int
    private var outgoing: ByteSequence
    private var incoming: ByteSequence
    private var sentByteCount = 0
    package private(set) var receivedByteCount = 0
    private var unreadByteCount = 0
    /// Where the first wrong byte was; `nil` while all were right.
    package private(set) var firstWrongOffset: Int?
    package var isFinished = false
    package var isAborted = false
    var isAnswering = false

    init(id: StreamID, plan: StreamPlan, role: TunnelRole) {
        self.id = id
        let isClient = role == .client
        self.sendByteCount = isClient ? plan.requestByteCount : plan.responseByteCount
        self.expectedByteCount = isClient ? plan.responseByteCount : plan.requestByteCount
        let request = ByteSequence(seed: plan.seed &+ UInt64(id.rawValue) &* 2)
        let response = ByteSequence(seed: plan.seed &+ UInt64(id.rawValue) &* 2 &+ 1)
        self.outgoing = isClient ? request : response
        self.incoming = isClient ? response : request
    }

    /// Whether everything has come, once and right, and then the end.
    package var isComplete: Bool {
        self.firstWrongOffset == nil && self.receivedByteCount == self.expectedByteCount && self.isFinished
    }

    func fill(_ payload: inout MutableRawSpan) {
        for offset in 0..<payload.byteCount {
            payload.storeBytes(of: self.outgoing.next(), toByteOffset: offset, as: UInt8.self)
        }
        self.sentByteCount += payload.byteCount
        precondition(self.sentByteCount <= self.sendByteCount, "more fetched than announced")
    }

    func check(_ bytes: RawSpan) {
        for offset in 0..<bytes.byteCount {
            let byte = bytes.littleEndian(at: offset, as: UInt8.self)
            let isRight = byte == self.incoming.next() && self.receivedByteCount < self.expectedByteCount
            if !isRight, self.firstWrongOffset == nil { self.firstWrongOffset = self.receivedByteCount }
            self.receivedByteCount += 1
        }
        if self.isFinished, bytes.byteCount > 0, self.firstWrongOffset == nil {
            self.firstWrongOffset = self.receivedByteCount
        }
        self.unreadByteCount += bytes.byteCount
    }

    func takeUnread() -> Int {
        defer { self.unreadByteCount = 0 }
        return self.unreadByteCount
    }
}

/// Pseudo-random bytes that both ends can make.
private struct ByteSequence {
    private let source: SeededRandomSource
    private var word: UInt64 = 0
    private var left = 0

    init(seed: UInt64) { self.source = SeededRandomSource(seed: seed) }

    mutating func next() -> UInt8 {
        if self.left == 0 {
            self.word = self.source.next()
            self.left = 8
        }
        defer {
            self.word >>= 8
            self.left -= 1
        }
        return UInt8(truncatingIfNeeded: self.word)
    }
}
