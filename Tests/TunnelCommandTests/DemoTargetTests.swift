import Testing

@testable import TunnelCommand

/// The target and its user, without a tunnel between them.
@Suite struct DemoTargetTests {
    @Test(arguments: DemoDirection.allCases, [1, 1_000_000])
    func `a file is carried and both ends know its digest`(direction: DemoDirection, byteCount: Int) async throws {
        let arrived = ArrivedBytes()
        try await Self.withTarget(arrived) { target in
            let digests = try await DemoTransfers(entrance: target.port, arrived: arrived)
                .carry(direction, seed: 5, byteCount: byteCount)
            #expect(digests.match)
            #expect(digests.sent.count == 32)
            #expect(arrived.value == byteCount)
        }
    }

    @Test func `pings are echoed and measured`() async throws {
        let meter = PingMeter()
        try await Self.withTarget(ArrivedBytes()) { target in
            let pings = Task { try await PingStream(meter: meter).run(entrance: target.port) }
            while meter.count < 3 { try await Task.sleep(for: .milliseconds(10)) }
            pings.cancel()
            _ = await pings.result
        }
        #expect(meter.count >= 3)
    }

    private static func withTarget(
        _ arrived: ArrivedBytes, _ body: @escaping @Sendable (DemoTarget) async throws -> Void
    ) async throws {
        let target = try await DemoTarget.listen(arrived: arrived)
        let serving = Task { try await target.serve() }
        defer { serving.cancel() }
        try await body(target)
    }
}
