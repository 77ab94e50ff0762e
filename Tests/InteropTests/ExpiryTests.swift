import Foundation
import LinkRelay
import NetworkSimulation
import Synchronization
import TestSupport
import Testing

/// What becomes of a session that gets no new streams any more.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct ExpiryTests {
    /// Longer than the client needs to look after expired sessions.
    private static let lookMicroseconds: UInt32 = 7_000_000

    @Test func `the last bytes of a stream arrive although its session has expired meanwhile`() async throws {
        try await Limiter.tunnels.run {
            try await onThread {
                let tally = Tally()
                let target = try StreamListener(at: .ipv4(FreePort.take())) { tally.count($0) }
                defer { target.stop() }
                let tunnel = try Tunnel(.oursAtBothEnds, target: target.address.description)
                defer { tunnel.stop() }
                let relay = try LinkRelay(
                    .init(serverPort: tunnel.serverPort, towardServer: .open, towardClients: .open, seed: 1))
                defer { relay.stop() }
                let client = try tunnel.startClient(relayPort: relay.port, flags: ["-autoexpire", "1"])
                defer { client.process.end() }
                try Self.upload(through: relay, client, tally)
            }
        }
    }

    private static func upload(through relay: LinkRelay, _ client: TunnelClient, _ tally: Tally) throws {
        var connection: StreamSocket? = try StreamSocket(connectingTo: client.address)
        try connection?.write([1], Deadline(seconds: 30))
        try tally.wait(for: 1)
        try Self.waitForEnd(of: connection)
        relay.change(towardServer: .broken, towardClients: .broken)
        try connection?.write([UInt8](repeating: 2, count: 2000), Deadline(seconds: 30))
        connection = nil
        usleep(self.lookMicroseconds)
        relay.change(towardServer: .open, towardClients: .open)
        try tally.wait(for: 2001)
    }

    /// With the other direction ended, the stream is over when the application has closed its connection.
    private static func waitForEnd(of connection: StreamSocket?) throws {
        var byte: [UInt8] = [0]
        let count = try connection?.readSome(into: &byte, limit: 1, Deadline(seconds: 30))
        try check(count == 0, "the target has ended its direction, and something comes")
    }

    /// What the target has got. It says nothing itself.
    private final class Tally: Sendable {
        private let byteCount = Mutex(0)

        func count(_ connection: StreamSocket) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while let count = try? connection.readSome(into: &buffer, limit: buffer.count, Deadline(seconds: 120)),
                count > 0
            {
                connection.finishWriting()
                self.byteCount.withLock { $0 += count }
            }
        }

        func wait(for count: Int) throws {
            let hasCome = waitUntil(Deadline(seconds: 60)) { self.byteCount.withLock { $0 } >= count }
            try check(hasCome, "\(self.byteCount.withLock { $0 }) of \(count) bytes have arrived")
        }
    }
}

extension LinkConditions {
    fileprivate static let open = LinkConditions(delayMilliseconds: 5)
    fileprivate static let broken = LinkConditions(delayMilliseconds: 5, faults: [.loss(probability: 1)])
}
