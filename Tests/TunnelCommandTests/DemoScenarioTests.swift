import ArgumentParser
import NetworkSimulation
import Testing

@testable import TunnelCommand

@Suite struct DemoScenarioTests {
    @Test func `the link is what was asked for`() {
        let scenario = DemoScenario(lossPercent: 2, roundTripMilliseconds: 31, megabitsPerSecond: 20)
        #expect(scenario.link.delayMicroseconds == 15_500)
        #expect(scenario.link.rate == .init(bitsPerSecond: 20_000_000, queueLimit: .milliseconds(100)))
        #expect(scenario.link.faults == [.loss(probability: 0.02)])
    }

    @Test(arguments: [(100.0, 50, 512), (10, 50, 64), (1, 0, 16), (1000, 0, 2048), (1000, 1000, 32768)])
    func `the window is a power of two that fills the link`(rate: Double, rtt: Int, expected: Int) {
        let scenario = DemoScenario(roundTripMilliseconds: rtt, megabitsPerSecond: rate, sendingRules: "off")
        #expect(scenario.windowPacketCount == expected)
    }

    @Test func `a model of the path needs no window`() {
        #expect(DemoScenario().windowPacketCount == nil)
    }

    @Test func `a window that was asked for is taken`() {
        #expect(DemoScenario(windowOverride: 300).windowPacketCount == 300)
    }

    @Test func `the estimate for plain TCP follows its formula`() throws {
        let estimate = try #require(DemoScenario().plainTCPMegabitsPerSecond)
        #expect(abs(estimate - 1.2746) < 0.001)
    }

    @Test func `a link without loss has no estimate`() {
        #expect(DemoScenario(lossPercent: 0).plainTCPMegabitsPerSecond == nil)
    }

    @Test func `plain TCP is not faster than the link`() {
        #expect(DemoScenario(lossPercent: 0.0001, megabitsPerSecond: 3).plainTCPMegabitsPerSecond == 3)
    }

    @Test func `both programs accept the command lines that are shown`() throws {
        let lines = DemoCommandLines(
            DemoScenario(cipher: "sm4", mode: "fast3", sendingRules: "off"), entrance: 1, link: 2, exit: 3, target: 4)
        let server = try ServerProgram.settings(ServerOptions.parse(lines.server), given: [])
        let client = try ClientProgram.settings(ClientOptions.parse(lines.client), given: [])
        #expect(server.warnings.isEmpty && client.warnings.isEmpty)
        #expect(server.options.addresses.listen == "127.0.0.1:3" && server.options.addresses.target == "127.0.0.1:4")
        #expect(client.options.addresses.local == "127.0.0.1:1" && client.options.addresses.remote == "127.0.0.1:2")
        for shared in [server.options.shared, client.options.shared] {
            #expect(shared.secrecy.crypt == "sm4" && shared.link.mode == "fast3")
        }
        #expect(server.options.windows.receiveWindow == 512 && client.options.windows.sendWindow == 512)
    }
}
