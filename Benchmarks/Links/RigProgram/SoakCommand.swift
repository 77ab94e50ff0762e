import ArgumentParser
import BenchmarkSupport
import LinkRig

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keeps a tunnel under load, with new addresses and restarts, and looks whether anything gets lost or grows.
struct SoakCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "A long run with checked bytes, new addresses and restarts, over real sockets.")

    @Option(help: .init("How long.", valueName: "minutes"))
    var minutes = 30.0

    @Option(help: .init("Connections at a time.", valueName: "count"))
    var connections = 200

    @Option(help: .init("Between two new addresses of the client.", valueName: "seconds"))
    var rebinding = 20.0

    @Option(help: .init("Between two restarts, of server and client in turn.", valueName: "seconds"))
    var restart = 300.0

    @Option(help: .init("Of datagrams, in percent.", valueName: "percent"))
    var loss = 2.0

    @Option(help: .init("More flags for both programs, separated by spaces.", valueName: "flags"))
    var flags = ""

    @OptionGroup var common: ResultOptions

    func validate() throws {
        guard self.minutes > 0, self.connections > 0, self.rebinding > 0, self.restart > 0,
            (0..<100).contains(self.loss)
        else { throw ValidationError("times and numbers must be above 0, the loss from 0 to less than 100") }
    }

    func run() throws {
        let logFolder = try ScratchFolder.make("tunnel-soak")
        defer { try? FileManager.default.removeItem(atPath: logFolder) }
        let soak = SoakRun(
            folders: self.common.folders, logFolder: logFolder, minutes: self.minutes,
            connectionCount: self.connections, rebindingSeconds: self.rebinding, restartSeconds: self.restart,
            loss: self.loss / 100, flags: self.flags.split(separator: " ").map(String.init))
        let result = try soak.result { Console.say($0) }
        let text = "# Soak\n\n\(self.heading)\n\n\(result.markdown)"
        try self.common.write(text, ending: "md")
        try self.common.write(try result.json(conditions: self.common.conditions), ending: "json")
        print(result.markdown, terminator: "")
        guard result.isPassed else { throw ExitCode(1) }
    }

    private var heading: String {
        let conditions = self.common.conditions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return """
            \(self.minutes) minutes over real sockets, 100 Mbit/s, round trip 50 ms, loss \(self.loss) %; \
            \(self.connections) connections at a time, a new address every \(self.rebinding) s, a restart every \
            \(self.restart) s. \(conditions.joined(separator: "; ")).
            """
    }
}
