import NIOCore
import Testing

@testable import TunnelRuntime

@Suite struct PendingBytesTests {
    private let memory = ReceiveMemory()

    /// What a read of `bytes` gives that had room for `capacity`.
    private static func read(_ bytes: some Collection<UInt8>, capacity: Int = ReceiveMemory.byteCount) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: capacity)
        buffer.writeBytes(bytes)
        return buffer
    }

    private static func text(_ count: Int, from first: Int = 0) -> [UInt8] {
        (first..<first + count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func fetch(_ count: Int, from pending: inout PendingBytes) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var payload = span.mutableBytes
        pending.fetch(&payload, returningTo: self.memory)
        return bytes
    }

    @Test func `bytes that are to be fetched again stay, however many come behind`() {
        var pending = PendingBytes(keepsFetched: true)
        pending.append(Self.read(Self.text(1000)), sparing: self.memory)
        _ = self.fetch(1000, from: &pending)
        pending = pending.fromTheBeginning()
        for start in stride(from: 1000, to: 201_000, by: 100_000) {
            pending.append(Self.read(Self.text(100_000, from: start)), sparing: self.memory)
        }
        #expect(!pending.keepsFetched)
        #expect(self.fetch(201_000, from: &pending) == Self.text(201_000))
    }

    @Test(arguments: [1, 7, 1000, 5000])
    func `bytes come out as they went in, however they were cut`(pieceByteCount: Int) {
        var pending = PendingBytes()
        let text = Self.text(40_000)
        for start in stride(from: 0, to: text.count, by: 1777) {
            pending.append(Self.read(text[start..<min(start + 1777, text.count)]), sparing: self.memory)
        }
        #expect(pending.byteCount == text.count)
        var result: [UInt8] = []
        while pending.byteCount > 0 { result += self.fetch(min(pieceByteCount, pending.byteCount), from: &pending) }
        #expect(result == text)
        #expect(pending.memoryByteCount == 0)
    }

    @Test func `single bytes do not cost a buffer each`() {
        var pending = PendingBytes()
        for byte in Self.text(30_000) { pending.append(Self.read([byte]), sparing: self.memory) }
        #expect(pending.byteCount == 30_000)
        #expect(pending.memoryByteCount <= 65_536)
        #expect(self.fetch(30_000, from: &pending) == Self.text(30_000))
    }

    @Test func `a read that fills the memory is handed on, and comes back when it has left`() {
        var pending = PendingBytes()
        pending.append(Self.read(Self.text(100_000)), sparing: self.memory)
        #expect(self.memory.memoryByteCount == 0)
        #expect(pending.memoryByteCount == ReceiveMemory.byteCount)
        #expect(self.fetch(100_000, from: &pending) == Self.text(100_000))
        #expect(self.memory.memoryByteCount == ReceiveMemory.byteCount)
        #expect(pending.memoryByteCount == 0)
    }

    @Test func `after a small read the memory is there for the next one`() {
        var pending = PendingBytes()
        pending.append(Self.read(Self.text(100)), sparing: self.memory)
        #expect(self.memory.memoryByteCount == ReceiveMemory.byteCount)
        #expect(pending.memoryByteCount == 128)
    }

    @Test func `what has been fetched can be had again from the beginning as long as it is kept`() {
        var pending = PendingBytes(keepsFetched: true)
        pending.append(Self.read(Self.text(3000)), sparing: self.memory)
        #expect(self.fetch(3000, from: &pending) == Self.text(3000))
        pending.append(Self.read(Self.text(2000, from: 3000)), sparing: self.memory)
        #expect(self.fetch(500, from: &pending) == Self.text(500, from: 3000))
        #expect(pending.byteCount == 1500)
        var again = pending.fromTheBeginning()
        #expect(again.byteCount == 5000)
        #expect(self.fetch(5000, from: &again) == Self.text(5000))
        // And once more.
        #expect(again.fromTheBeginning().byteCount == 5000)
    }

    @Test func `what is forgotten takes no memory, and the rest is there`() {
        var pending = PendingBytes(keepsFetched: true)
        pending.append(Self.read(Self.text(3000)), sparing: self.memory)
        _ = self.fetch(3000, from: &pending)
        #expect(pending.memoryByteCount > 0)
        pending.append(Self.read(Self.text(20_000)), sparing: self.memory)
        _ = self.fetch(1, from: &pending)
        pending.forgetFetched()
        #expect(!pending.keepsFetched)
        #expect(self.fetch(19_999, from: &pending) == Array(Self.text(20_000).dropFirst()))
        #expect(pending.memoryByteCount == 0)
    }

    @Test func `it keeps no more than so much`() {
        var pending = PendingBytes(keepsFetched: true)
        pending.append(Self.read(Self.text(PendingBytes.keptByteLimit)), sparing: self.memory)
        #expect(pending.keepsFetched)
        _ = self.fetch(PendingBytes.keptByteLimit, from: &pending)
        pending.append(Self.read([1]), sparing: self.memory)
        #expect(!pending.keepsFetched)
        #expect(self.fetch(1, from: &pending) == [1])
        #expect(pending.memoryByteCount == 0)
    }
}
