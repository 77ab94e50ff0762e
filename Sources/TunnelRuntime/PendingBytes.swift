import NIOCore
import PacketPrimitives

/// Bytes that a connection has given, in their order, until the session fetches them for its frames.
///
/// Until the peer answers they may be kept when they have been fetched: with them the stream can begin again in another
/// session, when the server turns out to know nothing of this one.
struct PendingBytes {
    private var buffers: [ByteBuffer] = []
    /// The buffer that is fetched from. Those before it are kept.
    private var position = 0
    /// Bytes that wait.
    private(set) var byteCount = 0
    /// Bytes of memory held, those included that are only kept.
    private(set) var memoryByteCount = 0
    /// Whether all bytes since the first one are there.
    private(set) var keepsFetched: Bool
    private var keptByteCount = 0

    /// More is not kept: by then the server has answered, if it ever will.
    static let keptByteLimit = 64 * 1024
    /// What comes in small pieces is gathered in buffers of about this size.
    private static let gatheredByteCount = 16 * 1024

    init(keepsFetched: Bool = false) { self.keepsFetched = keepsFetched }

    /// Takes what has been read. Of a buffer that is mostly empty the bytes are copied, and `memory` has it back.
    mutating func append(_ buffer: ByteBuffer, sparing memory: ReceiveMemory) {
        self.byteCount += buffer.readableBytes
        if self.keepsFetched {
            self.keptByteCount += buffer.readableBytes
            if self.keptByteCount > Self.keptByteLimit { self.forgetFetched() }
        }
        if 2 * buffer.readableBytes > buffer.capacity {
            self.memoryByteCount += buffer.capacity
            self.buffers.append(buffer)
        } else {
            self.appendCopy(of: buffer)
            memory.giveBack(buffer)
        }
    }

    private mutating func appendCopy(of buffer: ByteBuffer) {
        guard let last = self.buffers.indices.last, last >= self.position,
            self.buffers[last].writerIndex + buffer.readableBytes <= Self.gatheredByteCount
        else {
            var copy = ByteBufferAllocator().buffer(capacity: buffer.readableBytes)
            copy.writeImmutableBuffer(buffer)
            self.memoryByteCount += copy.capacity
            return self.buffers.append(copy)
        }
        self.memoryByteCount -= self.buffers[last].capacity
        self.buffers[last].writeImmutableBuffer(buffer)
        self.memoryByteCount += self.buffers[last].capacity
    }

    /// Copies the next bytes, as many as `payload` has room for; there must be so many. `memory` has back what it gave.
    mutating func fetch(_ payload: inout MutableRawSpan, returningTo memory: ReceiveMemory) {
        precondition(payload.byteCount <= self.byteCount, "bytes that are not there")
        var offset = 0
        while offset < payload.byteCount {
            let buffer = self.buffers[self.position]
            let count = min(payload.byteCount - offset, buffer.readableBytes)
            payload.copyBytes(from: buffer.readableBytesSpan.extracting(first: count), at: offset)
            self.buffers[self.position].moveReaderIndex(forwardBy: count)
            offset += count
            if count == buffer.readableBytes { self.leaveBuffer(returningTo: memory) }
        }
        self.byteCount -= offset
    }

    private mutating func leaveBuffer(returningTo memory: ReceiveMemory) {
        guard !self.keepsFetched else { return self.position += 1 }
        let buffer = self.buffers.remove(at: self.position)
        self.memoryByteCount -= buffer.capacity
        memory.giveBack(buffer)
    }

    /// What has been fetched is not needed any more, now or later.
    mutating func forgetFetched() {
        guard self.keepsFetched else { return }
        self.keepsFetched = false
        self.buffers.removeFirst(self.position)
        self.position = 0
        self.memoryByteCount = self.buffers.reduce(0) { $0 + $1.capacity }
    }

    /// All bytes since the first one, to be fetched again.
    func fromTheBeginning() -> PendingBytes {
        precondition(self.keepsFetched, "the first bytes are gone")
        var copy = self
        copy.position = 0
        for index in copy.buffers.indices { copy.buffers[index].moveReaderIndex(to: 0) }
        copy.byteCount = copy.buffers.reduce(0) { $0 + $1.readableBytes }
        return copy
    }
}
