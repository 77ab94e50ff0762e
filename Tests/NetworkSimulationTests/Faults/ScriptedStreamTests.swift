import PacketPrimitives
import Smux
import Testing
import TunnelCore

@testable import NetworkSimulation

/// What an application of the simulation thinks of what it gets. It sends by itself in whole runs only.
@Suite struct ScriptedStreamTests {
    private let record = StreamRecord(
        script: StreamScript(opening: 0, requestByteCount: 20, answerByteCount: 0), conversation: 5,
        id: StreamID(rawValue: 3))
    private let client: ScriptedStream
    private let server: ScriptedStream

    init() {
        self.client = ScriptedStream(self.record, role: .client, now: Instant(milliseconds: 1))
        self.server = ScriptedStream(self.record, role: .server, now: Instant(milliseconds: 1))
    }

    private func request(_ byteCount: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var span = bytes.mutableSpan
        var payload = span.mutableBytes
        self.client.fill(&payload)
        return bytes
    }

    private func receive(_ bytes: [UInt8]) -> String? { self.server.receive(bytes.span.bytes) }

    @Test func `what was sent is right, in any pieces`() {
        let bytes = self.request(20)
        #expect(self.receive(Array(bytes[..<7])) == nil)
        #expect(self.receive(Array(bytes[7...])) == nil)
        #expect(self.server.receiveEnd() == nil)
    }

    @Test func `what is missing, twice or too much is wrong`() {
        let bytes = self.request(20)
        #expect(self.receive(Array(bytes[..<7])) == nil)
        #expect(self.receive(Array(bytes[8...])) != nil)
        #expect(self.receive(bytes) == "more bytes than were sent")
    }

    @Test func `an end may only be early if somebody gave the stream up`() {
        #expect(self.receive(self.request(7)) == nil)
        #expect(self.server.receiveEnd()?.contains("7 of 20") == true)
        let other = ScriptedStream(self.record, role: .server, now: Instant(milliseconds: 1))
        self.record.noteReset(by: .client)
        #expect(other.receiveEnd() == nil)
        #expect(other.receiveEnd() == "two ends")
        #expect(other.receiveAbort() == nil)
    }

    @Test func `nothing may follow the end`() {
        #expect(self.receive(self.request(20)) == nil)
        #expect(self.server.receiveEnd() == nil)
        #expect(self.receive([1]) == "bytes behind the end")
        #expect(self.server.receiveAbort() == "given up by nobody")
    }

    @Test func `an answer waits for what it is to wait for`() {
        #expect(self.client.nextTimeout == Instant(milliseconds: 1))
        #expect(self.server.nextTimeout == nil)
        #expect(self.receive(self.request(1)) == nil)
        #expect(self.server.nextTimeout == Instant(milliseconds: 1))
    }
}
