import ArgumentParser
import BenchmarkSupport
import Glibc
import LinkRig

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Measures what restarts, new addresses, blackouts and wrong settings cost.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Restarts, new addresses, blackouts and wrong settings, over real sockets.")

    @Option(help: .init("Only events whose name or programs hold this text.", valueName: "text"))
    var only = ""

    @Option(help: .init("How often everything is measured; the medians count.", valueName: "count"))
    var rounds = 3

    @OptionGroup var common: ResultOptions

    func run() throws {
        guard self.rounds > 0 else { throw ValidationError("--rounds must be above 0") }
        let logFolder = try ScratchFolder.make("tunnel-events")
        defer { try? FileManager.default.removeItem(atPath: logFolder) }
        let bench = EventBench(folders: self.common.folders, logFolder: logFolder)
        let cases = EventCase.all.filter { event in
            self.only.isEmpty || "\(event.name), \(event.pair.name)".contains(self.only)
        }
        let rows = cases.map { self.row(of: $0, bench) }
        let report = EventReport(
            conditions: self.common.conditions.merging(["link": EventBench.linkName]) { first, _ in first }, rows: rows)
        try self.common.write(report.markdown, ending: "md")
        try self.common.write(try report.json, ending: "json")
        print(report.markdown, terminator: "")
        guard rows.allSatisfy(\.isKept) else { throw ExitCode(1) }
    }

    private func row(of event: EventCase, _ bench: EventBench) -> EventRow {
        var measures: [EventMeasure] = []
        var failures: [String] = []
        for round in 1...self.rounds {
            do {
                let measure = try event.measure(on: bench)
                measures.append(measure)
                Console.say(
                    "\(event.name), \(event.pair.name), round \(round): \(EventRow(event, [measure], failures: []).text)"
                )
            } catch {
                failures.append("\(error)")
                Console.say("\(event.name), \(event.pair.name), round \(round): \(error)")
            }
        }
        return EventRow(event, measures, failures: failures)
    }
}
