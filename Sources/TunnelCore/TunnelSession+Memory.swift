import ErasureCoding
import KCP
package import PacketPrimitives
import Smux
import SnappyFraming

// How much a session holds, and making do with less.
extension TunnelSession {
    /// Memory held for what is under way in both directions, bytes, roughly. What streams hold is the application's.
    package var heldByteCount: Int {
        let memory = self.memory
        return self.conversation.heldByteCount + memory.errorCorrection + memory.compression
    }

    /// The least windows that a session keeps, segments.
    private static let leastWindow = 8
    /// What a segment may take, bytes.
    private static let segmentByteCount = 1536

    /// Keeps the session's windows so small that it holds hardly more than `byteCount`; `nil`: as the settings say.
    /// Nothing that it holds is dropped.
    /// - Parameters:
    ///   - streamByteCount: what its streams hold of that.
    ///   - holdsInput: what arrives stays in the conversation, whose window closes then, instead of going to
    ///     streams.
    /// - Returns: whether what was held may go on now.
    package mutating func limitMemory(
        to byteCount: Int?, streamByteCount: Int, holdsInput: Bool, now: Instant
    ) -> Bool {
        let memory = self.memory
        let segmentCount = byteCount.map { byteCount in
            let room = byteCount - streamByteCount - memory.errorCorrection - memory.compression
            return max(Self.leastWindow, room / 2 / Self.segmentByteCount)
        }
        self.conversation.limitWindows(to: segmentCount, now: now)
        let goesOn = self.streams.multiplexer.isHeldBack && !holdsInput
        self.streams.multiplexer.holdBack(holdsInput)
        return goesOn
    }
}
