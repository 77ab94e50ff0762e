import Synchronization
import Testing
import TunnelReporting
import TunnelRuntime

@Suite struct StatusSourceTests {
    /// A host whose snapshots are counted.
    private final class Host: Sendable {
        let count = Atomic(0)

        func snapshot() -> HostSnapshot {
            let number = self.count.add(1, ordering: .relaxed).newValue
            var host = Samples.host(seconds: number)
            host.totals.ingress.failedChecksum = UInt64(number)
            return host
        }
    }

    private static func source(_ host: Host) -> StatusSource {
        StatusSource(program: Samples.program) { host.snapshot() }
    }

    @Test func `those who ask at the same time share a snapshot`() async {
        let host = Host()
        let source = Self.source(host)
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = await source.input() } }
        }
        #expect(host.count.load(ordering: .relaxed) <= 2)
    }

    @Test func `nobody asks the host on its own`() async throws {
        let host = Host()
        let source = Self.source(host)
        _ = await source.input()
        try await Task.sleep(for: .milliseconds(600))
        #expect(host.count.load(ordering: .relaxed) == 1)
    }

    @Test func `findings are about what has changed since the last document`() async throws {
        let source = Self.source(Host())
        #expect(await source.document().findings == [])
        try await Task.sleep(for: .milliseconds(300))
        let document = await source.document()
        #expect(document.findings.count == 1 && document.program == "kcptun-server")
    }
}
