import ArgumentParser
import LinkReport
import NetworkSimulation

/// Compares the model of the original with the measured figures.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compare the model of the original with what was measured of it.")

    @Option(help: .init("Seeds, as for run.", valueName: "numbers"))
    var seeds = SeedList(argument: "1-3")!

    func run() {
        let rows = OriginalFigures.all.map { figures in
            OriginalTable.Row(
                measured: figures, model: self.median(figures, withMessages: false),
                loaded: figures.message99 == nil ? nil : self.median(figures, withMessages: true))
        }
        print(OriginalTable(rows: rows).table.text, terminator: "")
    }

    private func median(_ figures: OriginalFigures, withMessages: Bool) -> LinkMeasures {
        LinkMeasures.median(
            of: self.seeds.seeds.map { LinkRun.result(of: figures.plan(seed: $0, withMessages: withMessages)).measures }
        )
    }
}
