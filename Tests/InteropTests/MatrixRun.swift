import Foundation
import LinkRelay
import NetworkSimulation

/// What a row of the matrix has to carry, and how long it took.
struct MatrixRun {
    /// Bytes each way on one stream.
    static let bulkByteCount = 4 << 20
    /// Streams at once, and bytes each way on each of them.
    static let concurrentStreamCount = 20
    static let concurrentByteCount = 64 << 10
    /// Bytes each way over the lossy link.
    static let lossyByteCount = 256 << 10

    var bulkSeconds = 0.0
    var concurrentSeconds = 0.0
    var lossySeconds = 0.0
    /// Of the lossy link, both directions.
    var lostPercentage = 0.0

    /// Runs one case; throws what went wrong, with the logs of both ends.
    static func carryOut(_ matrixCase: MatrixCase, seed: UInt64) throws -> MatrixRun {
        let tunnel = try Tunnel(matrixCase.pair, matrixCase.flags)
        defer { tunnel.stop() }
        let client = try tunnel.startClient()
        defer { client.process.end() }
        var run = MatrixRun()
        do {
            run.bulkSeconds = try Self.seconds {
                try client.run([Exchange(byteCount: Self.bulkByteCount)], seconds: 30)
            }
            run.concurrentSeconds = try Self.seconds {
                let exchange = { Exchange(byteCount: Self.concurrentByteCount) }
                try client.run((0..<Self.concurrentStreamCount).map { _ in exchange() }, atOnce: true, seconds: 30)
            }
        } catch {
            throw Failure("\(error)\n\(client.process.report)\n\(tunnel.server.report)")
        }
        try run.carryOverLossyLink(tunnel, seed: seed)
        return run
    }

    private mutating func carryOverLossyLink(_ tunnel: Tunnel, seed: UInt64) throws {
        let relay = try LinkRelay(
            .init(serverPort: tunnel.serverPort, towardServer: .lossy, towardClients: .lossy, seed: seed))
        defer { relay.stop() }
        let client = try tunnel.startClient(relayPort: relay.port)
        defer { client.process.end() }
        do {
            self.lossySeconds = try Self.seconds {
                try client.run([Exchange(byteCount: Self.lossyByteCount)], seconds: 30)
            }
        } catch {
            throw Failure(
                "lossy link (seed \(seed)): \(error)\n\(relay.statistics)\n\(client.process.report)\n\(tunnel.server.report)"
            )
        }
        let statistics = relay.statistics
        let sent = statistics.towardServer.sentDatagrams + statistics.towardClients.sentDatagrams
        let lost = statistics.towardServer.lostDatagrams + statistics.towardClients.lostDatagrams
        self.lostPercentage = 100 * Double(lost) / Double(max(1, sent))
    }

    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let duration = try ContinuousClock().measure(work)
        return duration / .seconds(1)
    }
}

extension LinkConditions {
    /// 5 % loss, and a jitter that reorders.
    static let lossy = LinkConditions(
        delayMilliseconds: 5, jitter: .reordering(maximumMicroseconds: 10_000), faults: [.loss(probability: 0.05)])
}
