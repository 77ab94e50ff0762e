import NIOCore
import Synchronization

/// The round trips that a ping stream has measured. Written by the stream, read by the display.
final class PingMeter: Sendable {
    private let microseconds = Mutex<[Int]>([])

    func record(microseconds: Int) { self.microseconds.withLock { $0.append(microseconds) } }

    /// How many there are: a mark to summarise from.
    var count: Int { self.microseconds.withLock { $0.count } }

    /// Of the round trips that came behind the mark; `nil` if there are none.
    func summary(from mark: Int = 0) -> PingSummary? {
        PingSummary(microseconds: self.microseconds.withLock { $0.dropFirst(mark) })
    }
}

/// A small message through the tunnel every 50 ms, on a connection of its own, echoed by the target: what somebody
/// who types in a terminal feels.
struct PingStream: Sendable {
    let meter: PingMeter
    private static let interval = Duration.milliseconds(50)
    private static let messageByteCount = 64
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    init(meter: PingMeter) { self.meter = meter }

    /// Sends and measures until the task is cancelled.
    func run(entrance: UInt16) async throws {
        let connection = try await DemoConnections.connect(to: entrance)
        try await connection.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup { group in
                group.addTask { try await self.send(to: outbound) }
                try await self.measure(inbound)
                group.cancelAll()
            }
        }
    }

    private func send(to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        try await outbound.write(DemoRequest.echo.bytes)
        for number in 0... {
            try await self.clock.sleep(until: self.start + Self.interval * number)
            try await outbound.write(Self.message(UInt64(number), sentMicroseconds: self.elapsedMicroseconds))
        }
    }

    private func measure(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async throws {
        var incoming = IncomingBytes(inbound)
        var number: UInt64 = 0
        while let echo = try await incoming.read(Self.messageByteCount) {
            guard let sent = echo.getInteger(at: echo.readerIndex, as: UInt64.self),
                echo == Self.message(number, sentMicroseconds: sent)
            else { throw DemoError.wrongEcho }
            self.meter.record(microseconds: Int(self.elapsedMicroseconds) - Int(sent))
            number += 1
        }
    }

    /// The time, then the number until the message is full.
    private static func message(_ number: UInt64, sentMicroseconds: UInt64) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(sentMicroseconds)
        while buffer.readableBytes < Self.messageByteCount { buffer.writeInteger(number) }
        return buffer
    }

    private var elapsedMicroseconds: UInt64 {
        UInt64(max(0, self.start.duration(to: self.clock.now) / .microseconds(1)))
    }
}
