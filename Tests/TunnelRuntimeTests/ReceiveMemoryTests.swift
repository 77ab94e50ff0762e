import NIOCore
import NIOEmbedded
import Testing

@testable import TunnelRuntime

@Suite struct ReceiveMemoryTests {
    private let allocator = ByteBufferAllocator()

    @Test func `the same memory is used again`() {
        let memory = ReceiveMemory()
        var buffer = memory.take(self.allocator)
        #expect(buffer.capacity == ReceiveMemory.byteCount)
        let address = buffer.withUnsafeReadableBytes { $0.baseAddress }
        memory.giveBack(buffer)
        buffer = ByteBuffer()
        #expect(memory.memoryByteCount == ReceiveMemory.byteCount)
        let next = memory.take(self.allocator)
        #expect(memory.memoryByteCount == 0)
        #expect(next.readableBytes == 0)
        #expect(next.withUnsafeReadableBytes { $0.baseAddress } == address)
    }

    @Test func `bytes that somebody still has stay as they are`() {
        let memory = ReceiveMemory()
        var buffer = memory.take(self.allocator)
        buffer.writeString("kept")
        memory.giveBack(buffer)
        var next = memory.take(self.allocator)
        next.writeString("other")
        #expect(String(buffer: buffer) == "kept")
    }

    @Test func `buffers of others are not kept`() {
        let memory = ReceiveMemory()
        memory.giveBack(self.allocator.buffer(capacity: 64))
        #expect(memory.memoryByteCount == 0)
    }

    @Test func `when there is little room a read brings little`() {
        let memory = ReceiveMemory()
        memory.isScarce = true
        #expect(memory.take(self.allocator).capacity == ReceiveMemory.scarceByteCount)
        memory.isScarce = false
        #expect(memory.take(self.allocator).capacity == ReceiveMemory.byteCount)
    }

    @Test func `released memory is gone`() {
        let memory = ReceiveMemory()
        memory.giveBack(memory.take(self.allocator))
        memory.release()
        #expect(memory.memoryByteCount == 0)
    }

    @Test func `the first read has little room, and all others have the loop's memory`() {
        let loop = EmbeddedEventLoop()
        var allocator = SharedReceiveAllocator(ReceiveMemory(), on: loop)
        #expect(allocator.buffer(allocator: self.allocator).capacity == SharedReceiveAllocator.firstByteCount)
        let mayGrow = allocator.record(actualReadBytes: 10)
        #expect(mayGrow)
        #expect(allocator.buffer(allocator: self.allocator).capacity == ReceiveMemory.byteCount)
        #expect(allocator.nextBufferSize() == nil)
    }

    @Test func `a channel's buffers are not kept by the channel`() {
        let memory = ReceiveMemory()
        var pool = NIOPooledRecvBufferAllocator(
            capacity: 1, recvAllocator: SharedReceiveAllocator(memory, on: EmbeddedEventLoop()))
        for _ in 0..<3 {
            let (buffer, _) = pool.buffer(allocator: self.allocator) { $0.writeInteger(UInt8(1)) }
            pool.record(actualReadBytes: 1)
            memory.giveBack(buffer)
        }
        var spare = memory.take(self.allocator)
        #expect(spare.capacity == ReceiveMemory.byteCount)
        let isOurs = spare.modifyIfUniquelyOwned { _ in true }
        #expect(isOurs == true)
    }
}
