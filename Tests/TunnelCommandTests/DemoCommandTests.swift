import ArgumentParser
import Testing

@testable import TunnelCommand

@Suite struct DemoCommandTests {
    @Test func `without options the scenario is the default one`() throws {
        #expect(try DemoCommand.parse([]).scenario == DemoScenario())
    }

    @Test func `every option reaches the scenario`() throws {
        let arguments = [
            "--size", "3", "--seed", "9", "--loss", "2.5", "--rtt", "80", "--rate", "20", "--cipher", "tea",
            "--mode", "fast3", "--cc", "off", "--window", "70",
        ]
        let expected = DemoScenario(
            megabytes: 3, seed: 9, lossPercent: 2.5, roundTripMilliseconds: 80, megabitsPerSecond: 20, cipher: "tea",
            mode: "fast3", sendingRules: "off", windowOverride: 70)
        #expect(try DemoCommand.parse(arguments).scenario == expected)
    }

    @Test(arguments: [
        ["--size", "0"], ["--loss", "51"], ["--loss", "-1"], ["--loss", "nan"], ["--rtt", "1001"], ["--rate", "0.5"],
        ["--rate", "x"],
    ])
    func `what makes no sense is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try DemoCommand.parse(arguments) }
    }

    @Test func `the executable has its commands`() {
        let names = KcptunCommand.configuration.subcommands.map { $0.configuration.commandName }
        #expect(names == ["demo", "check", "top", "generate", "version"])
        #expect(KcptunCommand.configuration.version == Version.line)
    }
}
