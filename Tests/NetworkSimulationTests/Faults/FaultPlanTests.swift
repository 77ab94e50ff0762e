import Ciphers
import NetworkSimulation
import Smux
import Testing
import TunnelCore

@Suite struct FaultPlanTests {
    private static let plans = (1...400).map { FaultPlan(seed: UInt64($0)) }

    @Test func `all kinds of settings and events occur`() {
        let plans = Self.plans
        #expect(Set(plans.map(\.client.cipher)).count == 15)
        #expect(Set(plans.map { $0.client.multiplexer.version }) == [1, 2])
        #expect(Set(plans.map(\.client.rules)).count == 3)
        #expect(Set(plans.map { $0.client.permutation != nil }) == [true, false])
        #expect(Set(plans.map { $0.client.usesCompression }) == [true, false])
        #expect(plans.contains { $0.client.multiplexer.version != $0.server.multiplexer.version })
        #expect(plans.contains { $0.streams.contains { $0.clientReset != nil } })
        #expect(plans.contains { $0.streams.contains { $0.serverReset?.onlyReading == true } })
        #expect(plans.contains { $0.streams.contains { $0.answer.stall != nil } })
        let events = plans.flatMap { $0.schedule.entries.map { "\($0.event)".prefix(6) } }
        #expect(Set(events).isSuperset(of: ["rebind", "client", "server"]))
    }

    @Test func `datagrams are not damaged where nobody could notice`() {
        for plan in Self.plans where plan.client.cipher == .null {
            let isDamaging = (plan.towardServer.faults + plan.towardClient.faults).contains { fault in
                switch fault {
                case .corruption, .truncation: true
                default: false
                }
            }
            #expect(!isDamaging)
        }
    }

    @Test func `streams are in order, and small enough for a short run`() {
        for plan in Self.plans {
            #expect(plan.streams.map(\.opening) == plan.streams.map(\.opening).sorted())
            #expect(plan.streams.reduce(0) { $0 + $1.request.byteCount + $1.answer.byteCount } <= 300_000)
        }
    }

    @Test func `the same seed is the same plan`() {
        #expect("\(FaultPlan(seed: 5))" == "\(FaultPlan(seed: 5))")
        #expect("\(FaultPlan(seed: 5))" != "\(FaultPlan(seed: 6))")
    }
}
