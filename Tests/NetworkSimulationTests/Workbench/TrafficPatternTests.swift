import Testing

@testable import NetworkSimulation

@Suite struct TrafficPatternTests {
    @Test func `names are unique`() {
        #expect(Set(TrafficPattern.all.map(\.name)).count == TrafficPattern.all.count)
    }

    @Test func `clients start two seconds apart`() {
        let pattern = TrafficPattern.clients(4)
        #expect(pattern.tunnels.map(\.startSeconds) == [0, 2, 4, 6])
        #expect(pattern.lastStartSeconds == 6)
        #expect(TrafficPattern.download.lastStartSeconds == 0)
    }

    @Test func `whoever joins is two seconds late`() {
        let joined = TrafficPattern.joined(by: .bbr)
        #expect(joined.tunnels[0].startSeconds == 0 && joined.competitors[0].startSeconds == 2)
        let joining = TrafficPattern.joining(.bbr)
        #expect(joining.tunnels[0].startSeconds == 2 && joining.competitors[0].startSeconds == 0)
    }

    @Test func `a client that keeps messages away from transfers opens another session for them`() {
        let tunnel = TrafficPattern.loadedUpload.tunnels[0]
        #expect(tunnel.sessions(separatesMessages: false).map(\.streams) == [[.upload, .messages]])
        let sessions = tunnel.sessions(separatesMessages: true)
        #expect(sessions.map(\.streams) == [[.upload], [.messages]])
        #expect(sessions.map(\.isCompanion) == [false, true])
        let messages = TrafficPattern.messages.tunnels[0].sessions(separatesMessages: true)
        #expect(messages.map(\.isCompanion) == [false])
    }

    @Test func `measuring begins two seconds after the last start`() {
        var plan = RunPlan(scenario: .b, variant: TunnelVariant(.standard), pattern: .clients(4), seed: 1)
        #expect(plan.measured == 8..<18)
        plan.pattern = .download
        #expect(plan.measured == 2..<12)
        plan.scenario = .steps
        #expect(plan.measured == 2..<18)
        plan.seconds = 5
        #expect(plan.measured == 2..<5)
        plan.seconds = 0
        #expect(plan.measured == 2..<3)
    }
}
