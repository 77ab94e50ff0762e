import LinkReport
import NetworkSimulation

/// The files of a campaign.
package struct RigReport {
    private let campaign: RigCampaign
    private let results: RigCampaign.Results
    /// When, where, with what: names and what they say, in order.
    private let conditions: [(String, String)]

    package init(_ campaign: RigCampaign, _ results: RigCampaign.Results, conditions: [(String, String)]) {
        self.campaign = campaign
        self.results = results
        self.conditions = conditions + [("at worst", results.disturbance.text)]
    }

    /// For people.
    package var markdown: String {
        ([self.heading, RigOverview.table(self.results.groups).text] + self.sections + self.failures)
            .joined(separator: "\n")
    }

    private var heading: String {
        """
        # Links over real sockets

        \(self.rounds) What the figures mean: docs/links.md. \
        \(self.conditions.map { "\($0.0): \($0.1)" }.joined(separator: "; ")).

        """
    }

    private var rounds: String {
        self.campaign.rounds == 1 ? "One run each." : "Medians of \(self.campaign.rounds) runs."
    }

    private var sections: [String] {
        self.campaign.links.flatMap { link -> [String] in
            let groups = self.results.groups.filter { $0.link == link.name }
            guard !groups.isEmpty else { return [] }
            return ["## Link \(link.name): \(link.summary)\n", LinkTable.table(groups).text]
        }
    }

    private var failures: [String] {
        guard !self.results.failures.isEmpty else { return [] }
        return ["## Failed\n"]
            + self.results.failures.map { failure in
                "- " + failure.split(separator: "\n").joined(separator: " / ") + "\n"
            }
    }

    /// For programs.
    package var json: String {
        get throws {
            try LinkDocument(
                self.results.groups, includesSeries: false,
                conditions: Dictionary(self.conditions) { first, _ in first }
            ).text
        }
    }

    /// The first transfer of each link, one picture for each, by the link's name.
    package var pictures: [(link: String, svg: String)] {
        self.campaign.links.compactMap { link in
            let bulk = self.results.groups.filter { $0.link == link.name && $0.measures.goodput != nil }
            let first = bulk.filter { $0.pattern == bulk.first?.pattern }
            return LinkPlot.plots(first).first.map { (link.name, $0.plot.svg) }
        }
    }
}
