import NetworkSimulation

#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

/// The results for programs.
package struct LinkDocument: Encodable {
    private struct Group: Encodable {
        let link: String
        let variant: String
        let pattern: String
        let median: [String: Double]
        let runs: [Run]
    }

    private struct Run: Encodable {
        let seed: UInt64
        let figures: [String: Double]
        let series: Series?
    }

    private struct Series: Encodable {
        let names: [String]
        let seconds: [Double]
        let ratesMegabits: [[Double]]
        let roundTripsMilliseconds: [[Double]]
        let queueMilliseconds: [Double]
        let strayLosses: [Double]
        let drops: [Double]
        let limitMegabits: [Double]
    }

    private let conditions: [String: String]?
    private let groups: [Group]

    /// With `includesSeries` every run has its course too, a value every 50 ms. `conditions`: how they were made.
    package init(_ groups: [RunGroup], includesSeries: Bool, conditions: [String: String]? = nil) {
        self.conditions = conditions
        self.groups = groups.map { group in
            Group(
                link: group.link, variant: group.variant, pattern: group.pattern,
                median: Self.figures(group.measures),
                runs: group.runs.map { run in
                    Run(
                        seed: run.outline.seed, figures: Self.figures(run.measures),
                        series: includesSeries ? Self.series(run.series) : nil)
                })
        }
    }

    private static func figures(_ measures: LinkMeasures) -> [String: Double] {
        var figures: [String: Double] = [:]
        for figure in LinkMeasures.figures { figures[figure.key] = measures[keyPath: figure.path] }
        figures["limit_percent"] = measures.share
        return figures
    }

    private static func series(_ series: RunSeries) -> Series {
        Series(
            names: series.names, seconds: series.seconds, ratesMegabits: series.rates,
            roundTripsMilliseconds: series.roundTrips, queueMilliseconds: series.queue,
            strayLosses: series.strayLosses, drops: series.drops, limitMegabits: series.limit)
    }

    /// One line for each level, keys in order.
    package var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
