import ArgumentParser
import LinkReport
import NetworkSimulation

/// Random links.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run a variant over random links, one for each seed.")

    @Option(help: .init("Seeds, as for run; each decides a link and a run.", valueName: "numbers"))
    var seeds = SeedList(argument: "1-20")!

    @Option(help: .init("What is at the ends of the tunnel: one name.", valueName: "name"))
    var variant = VariantNames(argument: "default")!

    @Option(help: .init("When measuring ends.", valueName: "seconds"))
    var seconds: Double?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let groups = self.seeds.seeds.flatMap { seed in
            self.variant.variants.map { variant in
                RunGroup([
                    LinkRun.result(
                        of: RunPlan(
                            scenario: .drawn(seed: seed), variant: variant, pattern: .download, seed: seed,
                            seconds: self.seconds))
                ])
            }
        }
        var table = LinkTable.table(groups)
        table.header.append("what was drawn")
        for index in groups.indices { table.rows[index].append(groups[index].runs[0].outline.scenario.summary) }
        print(table.text, terminator: "")
        let shares = groups.map { $0.measures.share ?? 0 }.sorted()
        print(
            "\n\(shares.count) runs: \(shares.count { $0 >= 80 }) at 80 % of the limit or more,",
            "\(shares.count { $0 < 50 }) below 50 %, the lowest \(FigureText.fixed(shares[0], decimals: 0)) %")
        try self.output.write(groups)
    }
}
