package import ArgumentParser
import TunnelReporting

/// `kcptun demo`.
package struct DemoCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Carry files through a tunnel over a bad link, all in this process.",
        discussion: """
            Starts a TCP target, kcptun-server, a lossy link and kcptun-client, with real sockets of 127.0.0.1 and the \
            code of the real programs. Sends a file up and one down while a ping stream measures how the tunnel feels, \
            and compares the SHA-256 of what went in and what came out. The exit status is 0 only if they are the same.

            Keys of the JSON object:
            \(DemoDocument.keys.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
            """)

    @Flag(help: "Print one JSON object at the end; progress goes to standard error.")
    var json = false

    @Option(help: .init("Size of each of the two files, millions of bytes.", valueName: "MB"))
    var size = DemoScenario().megabytes

    @Option(help: .init("Decides the files' content and which datagrams are lost.", valueName: "number"))
    var seed = DemoScenario().seed

    @Option(help: .init("Datagrams that the link loses, each way.", valueName: "percent"))
    var loss = DemoScenario().lossPercent

    @Option(help: .init("Round trip time of the link.", valueName: "ms"))
    var rtt = DemoScenario().roundTripMilliseconds

    @Option(help: .init("Rate of the link, each way.", valueName: "Mbit/s"))
    var rate = DemoScenario().megabitsPerSecond

    @Option(
        name: [.customLong("cipher"), .customLong("crypt")],
        help: .init("How datagrams are encrypted: the programs' --crypt.", valueName: "name"))
    var cipher = DemoScenario().cipher

    @Option(help: .init("How eagerly lost data is sent again with --cc off: the programs' --mode.", valueName: "name"))
    var mode = DemoScenario().mode

    @Option(help: .init("What decides when to send: the programs' --cc.", valueName: "rules"))
    var cc = DemoScenario().sendingRules

    @Option(
        help: .init(
            "Datagrams under way at most (default: left to the programs; with --cc off what suits the link).",
            valueName: "count"))
    var window: Int?

    package init() {}

    package func validate() throws {
        try Self.require("size", Double(self.size), in: 1...1000)
        try Self.require("loss", self.loss, in: 0...50)
        try Self.require("rtt", Double(self.rtt), in: 0...1000)
        try Self.require("rate", self.rate, in: 1...1000)
        try Self.require("window", Double(self.window ?? 1), in: 1...65535)
    }

    private static func require(_ option: String, _ value: Double, in allowed: ClosedRange<Double>) throws {
        guard !allowed.contains(value) else { return }
        let bounds = [allowed.lowerBound, allowed.upperBound].map(FigureText.short)
        throw ValidationError("--\(option) must be from \(bounds[0]) to \(bounds[1])")
    }

    /// What the options ask for.
    var scenario: DemoScenario {
        DemoScenario(
            megabytes: self.size, seed: self.seed, lossPercent: self.loss, roundTripMilliseconds: self.rtt,
            megabitsPerSecond: self.rate, cipher: self.cipher, mode: self.mode,
            sendingRules: self.cc, windowOverride: self.window)
    }

    package func run() async throws {
        let demo = DemoRun(scenario: self.scenario, display: self.json ? .standardError : .standardOutput)
        let result: DemoResult
        do {
            let limit = DemoScenario.timeLimitSeconds
            result = try await TimeLimit.run(seconds: limit, demo.run) { DemoError.timedOut(seconds: limit) }
        } catch {
            throw self.report(error)
        }
        print(self.json ? DemoDocument(result).text : DemoTable(result).text)
        if !result.isIdentical { throw ExitCode(ExitStatus.failure) }
    }

    /// Says what went wrong; returns the exit status.
    private func report(_ error: any Error) -> ExitCode {
        StandardError.print("kcptun demo: \(error)")
        if self.json { print(DemoDocument(error: "\(error)").text) }
        return ExitCode((error as? any OperatorError)?.exitStatus ?? ExitStatus.failure)
    }
}
