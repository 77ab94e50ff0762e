import Foundation
import Testing

/// Connections come and go without leaving anything behind.
@Suite struct ManyConnectionsTests {
    private static let byteCount = 10 << 10

    /// What the two processes of a tunnel hold.
    private struct Holdings {
        var descriptors: [Int]
        var residentKilobytes: [Int]

        init?(_ tunnel: Tunnel, _ client: TunnelClient) {
            let processes = [client.process, tunnel.server]
            self.descriptors = processes.compactMap(\.openDescriptorCount)
            self.residentKilobytes = processes.compactMap(\.residentKilobyteCount)
            if self.descriptors.count < 2 || self.residentKilobytes.count < 2 { return nil }
        }
    }

    @Test(arguments: Pair.available)
    func `two thousand connections one after another`(pair: Pair) async throws {
        try await Self.leavesNothingBehind(pair) { client in
            for _ in 0..<2000 {
                try Exchange(byteCount: Self.byteCount).run(through: client.address, Deadline(seconds: 30))
            }
        }
    }

    @Test(arguments: Pair.available)
    func `five hundred connections at once`(pair: Pair) async throws {
        try await Self.leavesNothingBehind(pair) { client in
            try client.run((0..<500).map { _ in Exchange(byteCount: Self.byteCount) }, atOnce: true, seconds: 90)
        }
    }

    /// Warms the tunnel up with the work itself, does it again, and compares what the processes hold.
    private static func leavesNothingBehind(_ pair: Pair, _ work: @escaping @Sendable (TunnelClient) throws -> Void)
        async throws
    {
        try await withTunnel(pair) { tunnel, client in
            try work(client)
            guard let before = Self.settled(tunnel, client, atMost: nil) else { return try work(client) }
            try work(client)
            guard let after = Self.settled(tunnel, client, atMost: before.descriptors) else { return }
            print("\(pair): descriptors \(before.descriptors) → \(after.descriptors), ", terminator: "")
            print("resident KiB \(before.residentKilobytes) → \(after.residentKilobytes)")
            // Of the Go programs only the wire is tested.
            for (end, program) in [pair.client, pair.server].enumerated() where program == .ours {
                try check(
                    after.descriptors[end] <= before.descriptors[end], "descriptors left open: \(pair), end \(end)")
                // A second round may only cost what the allocator's fragmentation does.
                try check(
                    after.residentKilobytes[end] <= before.residentKilobytes[end] * 5 / 4 + 4096,
                    "memory left allocated: \(pair), end \(end)")
            }
        }
    }

    /// The holdings once the connections are gone: the server may keep its side for `closewait` (30 s).
    private static func settled(_ tunnel: Tunnel, _ client: TunnelClient, atMost wanted: [Int]?) -> Holdings? {
        var lowest = Holdings(tunnel, client)
        guard lowest != nil else { return nil }
        let few = wanted ?? [30, 30]
        _ = waitUntil(Deadline(seconds: 45)) {
            lowest = Holdings(tunnel, client) ?? lowest
            return zip(lowest?.descriptors ?? [], few).allSatisfy(<=)
        }
        return Holdings(tunnel, client)
    }
}
