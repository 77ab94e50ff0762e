import NIOCore

/// The memory that all streams of an event loop read into, one after the other. A read that fills little of it is copied
/// out; one that fills most of it is handed on as it is, and the memory comes back when the bytes have left.
///
/// With a buffer for each channel, which NIO keeps until the channel is closed, thousands of idle connections would cost
/// more for that than for all else.
final class ReceiveMemory {
    /// For one read.
    static let byteCount = 128 * 1024

    /// For one read while `isScarce`.
    static let scarceByteCount = 2048

    private var spare: ByteBuffer?
    /// What has been read has to be kept, and there is little room for it: reads that have been asked for bring little.
    var isScarce = false

    /// Bytes of memory that it holds at the moment.
    var memoryByteCount: Int { self.spare?.capacity ?? 0 }

    /// A buffer to read into.
    func take(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard !self.isScarce else { return allocator.buffer(capacity: Self.scarceByteCount) }
        guard var buffer = self.spare.take() else { return allocator.buffer(capacity: Self.byteCount) }
        buffer.clear()
        return buffer
    }

    /// Takes a buffer back whose bytes nobody needs any more. Others than its own it lets go.
    func giveBack(_ buffer: ByteBuffer) {
        if buffer.capacity == Self.byteCount { self.spare = buffer }
    }

    /// Gives the memory back to the system.
    func release() { self.spare = nil }
}

/// Lets a channel read into its event loop's memory. For channels with `maxMessagesPerRead` 1 from their first bytes on.
///
/// NIO keeps the first buffer of a channel, so that one is small. It does not keep those that come behind, as they may
/// always be larger than the ones before.
struct SharedReceiveAllocator: RecvByteBufferAllocator {
    static let firstByteCount = 64

    // A box, as this way the value fits into the place that NIO has for it, without memory of its own.
    private let memory: NIOLoopBoundBox<ReceiveMemory>
    private var hasRead = false

    init(_ memory: ReceiveMemory, on eventLoop: any EventLoop) {
        self.memory = NIOLoopBoundBox(memory, eventLoop: eventLoop)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        self.hasRead ? self.memory.value.take(allocator) : allocator.buffer(capacity: Self.firstByteCount)
    }

    mutating func record(actualReadBytes: Int) -> Bool {
        self.hasRead = true
        return true
    }
}
