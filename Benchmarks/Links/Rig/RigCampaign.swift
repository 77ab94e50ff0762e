import BenchmarkSupport
package import LinkReport
package import NetworkSimulation

/// Everything that is to be measured, and how.
package struct RigCampaign: Sendable {
    package var links: [LinkScenario]
    package var variants: [RigVariant]
    package var patterns: [TrafficPattern]
    package var rounds: Int
    /// When measuring ends, seconds; `nil`: what suits the link.
    package var seconds: Double?
    package var folders: ProgramFolders
    /// Seconds of the whole that may be spent waiting for moments in which the machine does nothing else.
    package var patience = 0.0

    package init(
        links: [LinkScenario], variants: [RigVariant], patterns: [TrafficPattern], rounds: Int, seconds: Double?,
        folders: ProgramFolders
    ) {
        self.links = links
        self.variants = variants
        self.patterns = patterns
        self.rounds = rounds
        self.seconds = seconds
        self.folders = folders
    }

    /// What came of it.
    package struct Results: Sendable {
        package var groups: [RunGroup] = []
        package var failures: [String] = []
        package var disturbance = Disturbance()

        package init() {}
    }

    /// Link by link and pattern by pattern; the variants take turns, so that a disturbance of the machine hits all of
    /// them, and meet the same losses in the same round.
    package func results(logFolder: String) -> Results {
        var results = Results()
        var quietMoment = QuietMoment(patience: self.patience)
        for link in self.links {
            for pattern in self.patterns {
                var runs: [[RunResult]] = self.variants.map { _ in [] }
                for round in 1...self.rounds {
                    for (index, variant) in self.variants.enumerated() {
                        let run = RigRun(
                            variant, scenario: link, pattern: pattern, seed: UInt64(round), seconds: self.seconds,
                            folders: self.folders, logFolder: logFolder)
                        quietMoment.wait()
                        if let result = Self.result(of: run, round, into: &results) { runs[index].append(result) }
                    }
                }
                results.groups += runs.filter { !$0.isEmpty }.map { RunGroup($0) }
            }
        }
        return results
    }

    private static func result(of run: RigRun, _ round: Int, into results: inout Results) -> RunResult? {
        let outline = run.outline
        let name = "link \(outline.scenario.name), \(outline.pattern.name), \(outline.variantName), round \(round)"
        do {
            let outcome = try run.outcome()
            results.disturbance.add(outcome)
            Console.say("\(name): \(RigOverview.progress(outcome.result.measures)), \(Disturbance(outcome).text)")
            return outcome.result
        } catch {
            results.failures.append("\(name): \(error)")
            Console.say("\(name): \(error)")
            return nil
        }
    }
}
