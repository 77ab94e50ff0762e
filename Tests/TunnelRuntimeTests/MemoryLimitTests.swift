import NIOCore
import Synchronization
import Testing

@testable import TunnelRuntime

extension RecordingLog {
    /// All but those about single streams.
    fileprivate var noteworthyLines: [String] { self.lines.filter { !$0.hasPrefix("stream ") } }
}

@Suite struct MemoryLimitTests {
    private static let limit = 8 << 20

    /// The most that each end has ever held, as far as somebody has looked.
    private final class Peak: Sendable {
        private let bytes = Mutex([0, 0])

        func note(_ figures: [MemoryFigures]) {
            self.bytes.withLock { bytes in
                for index in bytes.indices { bytes[index] = max(bytes[index], figures[index].heldByteCount) }
            }
        }

        var byteCounts: [Int] { self.bytes.withLock { $0 } }
    }

    /// 48 connections that send 1 MiB each to a target that reads nothing would hold 18 MiB at the client.
    @Test(arguments: [1, 2]) func `slow readers do not make a tunnel hold more than it may, and get every byte`(
        smuxVersion: Int
    ) async throws {
        let (connectionCount, byteCount) = (48, 1 << 20)
        let tunnel = try await TunnelOnLoopback(memoryLimit: Self.limit, smuxVersion: smuxVersion)
        let peak = Peak()
        var connections: [any Channel] = []
        for _ in 0..<connectionCount { connections.append(try await tunnel.connect()) }
        let areOpen = try await becomesTrue { tunnel.target.tally.connectionCount == connectionCount }
        #expect(areOpen)
        for (number, connection) in connections.enumerated() {
            let text = SlowTarget.text(of: UInt8(number), 0..<byteCount)
            connection.writeAndFlush(ByteBuffer(bytes: text)).whenSuccess {
                connection.close(mode: .output, promise: nil)
            }
        }
        let isHeldBack = try await becomesTrue {
            let figures = await tunnel.heldMemory
            peak.note(figures)
            return figures.contains { $0.shedding.heldBackSessions > 0 }
        }
        #expect(isHeldBack)
        for _ in 0..<50 {
            peak.note(await tunnel.heldMemory)
            try await Task.sleep(for: .milliseconds(10))
        }
        tunnel.target.open()
        let isComplete = try await becomesTrue {
            peak.note(await tunnel.heldMemory)
            return tunnel.target.tally.finishedCount == connectionCount
        }
        let tally = tunnel.target.tally
        let figures = await tunnel.heldMemory
        #expect(isComplete && !tally.hasWrongBytes, "\(tally), \(figures), \(tunnel.log.noteworthyLines)")
        #expect(tally.byteCount == connectionCount * byteCount)
        // Without a limit it is more than twice as much. What reads and windows bring at once may come on top.
        #expect(peak.byteCounts.allSatisfy { $0 <= 2 * Self.limit }, "\(peak.byteCounts)")
        // It did come near.
        #expect(peak.byteCounts.contains { $0 > Self.limit / 2 }, "\(peak.byteCounts)")
        await tunnel.shutdown()
    }

    @Test func `idle connections hold something, and nothing when they are closed`() async throws {
        let tunnel = try await TunnelOnLoopback(memoryLimit: 64 << 20)
        tunnel.target.open()
        let connectionCount = 400
        var connections: [any Channel] = []
        for number in 0..<connectionCount {
            let connection = try await tunnel.connect()
            try await connection.writeAndFlush(ByteBuffer(bytes: [UInt8(truncatingIfNeeded: number)])).get()
            connections.append(connection)
        }
        let areOpen = try await becomesTrue { tunnel.target.tally.byteCount == connectionCount }
        #expect(areOpen)
        let open = await tunnel.heldMemory.map(\.heldByteCount)
        #expect(open.allSatisfy { $0 >= connectionCount * MemoryBudget.streamByteCount }, "\(open)")
        for connection in connections { connection.close(promise: nil) }
        let areGone = try await becomesTrue {
            await tunnel.heldMemory.allSatisfy { $0.heldByteCount == MemoryBudget.sessionByteCount }
        }
        let closed = await tunnel.heldMemory.map(\.heldByteCount)
        #expect(areGone, "\(closed)")
        await tunnel.shutdown()
    }

    @Test func `when everything is held, new connections are refused, counted and explained`() async throws {
        // Room for a few hundred connections.
        let tunnel = try await TunnelOnLoopback(memoryLimit: 1 << 20)
        var connections: [any Channel] = []
        for _ in 0..<400 {
            let connection = try await tunnel.connect()
            connection.write(ByteBuffer(bytes: [1]), promise: nil)
            connection.flush()
            connections.append(connection)
        }
        let areRefused = try await becomesTrue {
            await tunnel.heldMemory.contains { $0.shedding.refusedStreams > 0 }
        }
        #expect(areRefused)
        let held = await tunnel.heldMemory.map(\.heldByteCount)
        #expect(held.allSatisfy { $0 <= 1 << 20 }, "\(held)")
        let lines = tunnel.log.lines.filter { $0.contains("--memlimit") }
        #expect(lines.first?.hasPrefix("no new connections: ") == true)
        #expect(lines.count <= 2)
        for connection in connections { connection.close(promise: nil) }
        // Then there is room again.
        tunnel.target.open()
        let before = tunnel.target.tally.connectionCount
        let goesOn = try await becomesTrue {
            guard let connection = try? await tunnel.connect() else { return false }
            _ = try? await connection.writeAndFlush(ByteBuffer(bytes: [1])).get()
            return tunnel.target.tally.connectionCount > before
        }
        #expect(goesOn)
        await tunnel.shutdown()
    }
}
