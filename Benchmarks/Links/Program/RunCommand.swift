import ArgumentParser
import LinkReport
import NetworkSimulation

/// Runs what is named and prints the medians over the seeds.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run variants over links and print a table of medians.",
        discussion: "Names are separated by commas; `tunnel-links list` prints them.")

    @Option(help: .init("Links.", valueName: "names"))
    var links = LinkNames(argument: "b,c,d,e,f,g,h")!

    @Option(help: .init("What is at the ends of the tunnel.", valueName: "names"))
    var variants = VariantNames(argument: "go-default,go-fast3,default")!

    @Option(help: .init("Who uses the link for what.", valueName: "names"))
    var patterns = PatternNames(argument: "download")!

    @Option(help: .init("1,2,3 or 1-3. The same seed gives the same run.", valueName: "numbers"))
    var seeds = SeedList(argument: "1-3")!

    @Option(help: .init("When measuring ends (default: what suits the link, mostly 12).", valueName: "seconds"))
    var seconds: Double?

    @Flag(help: "Print how long the runs took.")
    var timing = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let groups = self.groups
        print(LinkTable.table(groups).text, terminator: "")
        if self.timing {
            let runs = groups.reduce(0) { $0 + $1.runs.count }
            print("\n\(runs) runs in \(clock.now - start)")
        }
        try self.output.write(groups)
    }

    private var groups: [RunGroup] {
        self.links.scenarios.flatMap { scenario in
            self.patterns.patterns.flatMap { pattern in
                // Without a tunnel all variants are the same.
                self.variants.variants.prefix(pattern.tunnels.isEmpty ? 1 : .max).map { variant in
                    RunGroup(
                        self.seeds.seeds.map { seed in
                            LinkRun.result(
                                of: RunPlan(
                                    scenario: scenario, variant: variant, pattern: pattern, seed: seed,
                                    seconds: self.seconds))
                        })
                }
            }
        }
    }
}
