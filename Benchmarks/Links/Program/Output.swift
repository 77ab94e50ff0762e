import ArgumentParser
import LinkReport
import NetworkSimulation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where results go besides the table on standard output.
struct OutputOptions: ParsableArguments {
    @Option(help: .init("Write the results as JSON.", valueName: "file"))
    var json: String?

    @Flag(help: "Put the course of every run into the JSON too, a value every 50 ms.")
    var series = false

    @Option(help: .init("Write pictures of the first seed of each variant.", valueName: "folder"))
    var plot: String?

    /// Fails if a session did, after the results have been written.
    func write(_ groups: [RunGroup]) throws {
        if let json { try Self.write(try LinkDocument(groups, includesSeries: self.series).text, to: json) }
        if let plot {
            try FileManager.default.createDirectory(atPath: plot, withIntermediateDirectories: true)
            for (fileName, picture) in LinkPlot.plots(groups) {
                try Self.write(picture.svg, to: "\(plot)/\(fileName)")
            }
        }
        for group in groups {
            guard let run = group.runs.first(where: { !$0.failures.isEmpty }) else { continue }
            throw RunFailure(group: group, seed: run.outline.seed, reason: "\(run.failures[0])")
        }
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}

/// A session of a run ended before the run did.
struct RunFailure: Error, CustomStringConvertible {
    let group: RunGroup
    let seed: UInt64
    let reason: String

    var description: String {
        "a session failed over link \(self.group.link), \(self.group.variant), \(self.group.pattern), "
            + "seed \(self.seed): \(self.reason)"
    }
}
