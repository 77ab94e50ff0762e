import ArgumentParser
import LinkReport
import LinkRig
import NetworkSimulation

/// Shows that the relay is not the bottleneck.
struct FloodCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flood", abstract: "Send more than the links carry, both ways and without a tunnel.",
        discussion: "What comes through should be all that a link carries of what its losses leave.")

    @Option(help: .init("Links.", valueName: "names"))
    var links = "a,gigabit"

    @Option(help: .init("How long.", valueName: "seconds"))
    var seconds = 3.0

    func run() throws {
        let names = try RigNames(links: self.links, variants: "default", patterns: "download", oursFlags: [])
        var table = MarkdownTable(
            header: ["link", "up % of rate", "down % of rate", "relay busy %", "late %", "latest ms", "refused"])
        for link in names.links {
            let flood = try RelayFlood.result(link, seconds: self.seconds)
            table.rows.append(
                [link.name]
                    + [
                        flood.upShare * 100, flood.downShare * 100, flood.relayLoad * 100, flood.lateShare * 100,
                        flood.largestLatenessMilliseconds,
                    ].map { FigureText.fixed($0, decimals: 1) } + ["\(flood.refusedCount)"])
        }
        print(table.text, terminator: "")
    }
}
