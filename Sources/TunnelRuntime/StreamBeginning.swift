import NIOCore

/// What a stream has taken from its application since it was opened, as long as no answer has come: with it the stream
/// can begin again in another session, when the server turns out to know nothing of this one. It shares the memory of
/// what waits to be sent.
struct StreamBeginning {
    /// What was sent before this number (`TunnelSession.sendMark`) has nothing to do with the stream.
    let mark: UInt32
    private(set) var buffers: [ByteBuffer] = []
    private var byteCount = 0

    /// More is not kept: by then the server has answered, if it ever will.
    private static let limit = 64 * 1024

    init(mark: UInt32) { self.mark = mark }

    /// `false`: it has become too much.
    mutating func append(_ buffer: ByteBuffer) -> Bool {
        self.byteCount += buffer.readableBytes
        guard self.byteCount <= Self.limit else { return false }
        self.buffers.append(buffer)
        return true
    }
}
