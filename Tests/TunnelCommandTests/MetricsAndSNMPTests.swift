import DatagramIO
import ErasureCoding
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCommand
import TunnelCore
import TunnelReporting
import TunnelRuntime

/// The metrics and the original's counters are two views of the same figures.
@Suite struct MetricsAndSNMPTests {
    /// A host in which no two counters are equal.
    private static var host: HostSnapshot {
        var host = HostSnapshot(role: .server, time: Instant(milliseconds: 0))
        var next: UInt64 = 1000
        func number() -> UInt64 {
            next += 1
            return next
        }
        withUnsafeMutableBytes(of: &host.totals.sessions) { bytes in
            for offset in stride(from: 0, to: bytes.count, by: 8) {
                bytes.storeBytes(of: number(), toByteOffset: offset, as: UInt64.self)
            }
        }
        host.totals.ingress.failedChecksum = number()
        host.totals.ingress.refusedPackets = number()
        host.totals.ingress.sessionsOpened = number()
        host.totals.ingress.sessionsAccepted = number()
        host.totals.sessionCount = Int(number())
        host.totals.mostSessions = Int(number())
        return host
    }

    private static let values: [String: [Double]] = {
        let program = ProgramIdentity(name: "x", version: "1", startTime: 0)
        let input = MetricsInput(program: program, process: ProcessFigures(processorSeconds: 0), snapshot: Self.host)
        var values: [String: [Double]] = [:]
        for metric in MetricsTable.metrics {
            guard case .series(let series) = metric.source else { continue }
            for one in series {
                if let original = one.original { values[original, default: []] += [one.read(input) ?? -1] }
            }
        }
        return values
    }()

    @Test(arguments: CounterTable.rows.map(\.logName))
    func `every counter of the original is a metric, with the same value`(name: String) throws {
        let row = try #require(CounterTable.rows.first { $0.logName == name })
        let counter = SNMPCounters(Self.host.totals)[keyPath: row.value]
        #expect(counter >= 1000, "the sample gives every counter a value of its own")
        #expect(Self.values[name] == [Double(counter)])
    }

    @Test func `no metric claims a counter that there is not`() {
        #expect(Set(Self.values.keys) == Set(CounterTable.rows.map(\.logName)))
    }
}
