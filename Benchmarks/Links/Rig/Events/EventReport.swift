import LinkReport
import NetworkSimulation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One row of the table: all rounds of one event.
package struct EventRow: Codable, Sendable, Equatable {
    package var event: String
    package var programs: String
    /// Medians, by the name of the figure. What did not happen is not there.
    package var seconds: [String: Double]
    package var limits: [String: Double]
    /// Whether it was so in all rounds.
    package var facts: [String: Bool]
    package var rounds: Int
    package var failures: [String]

    package init(_ event: EventCase, _ measures: [EventMeasure], failures: [String]) {
        self.event = event.name
        self.programs = event.pair.name
        self.limits = event.limits
        self.rounds = measures.count
        self.failures = failures
        let names = Set(measures.flatMap(\.seconds.keys))
        self.seconds = names.reduce(into: [:]) { result, name in
            let median = Samples.median(measures.map { $0.seconds[name] ?? .infinity })
            if let median, median.isFinite { result[name] = median }
        }
        self.facts = measures.flatMap(\.facts).reduce(into: [:]) { $0[$1.key] = $1.value && $0[$1.key] ?? true }
    }

    /// Whether everything was as it should be.
    package var isKept: Bool {
        self.rounds > 0 && self.failures.isEmpty && self.facts.values.allSatisfy { $0 }
            && self.limits.allSatisfy { name, limit in self.seconds[name].map { $0 <= limit } ?? false }
    }

    /// For people.
    package var text: String {
        let names = Set(self.seconds.keys).union(self.limits.keys).sorted()
        let figures = names.map { name in
            let value = self.seconds[name].map { "\(FigureText.fixed($0, decimals: 2)) s" } ?? "never"
            return "\(name) \(value)"
        }
        let facts = self.facts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value ? "yes" : "no")" }
        return (figures + facts + self.failures.map { String($0.prefix { $0 != "\n" }) }).joined(separator: "; ")
    }
}

/// The table of events, for people and for programs.
package struct EventReport: Codable, Sendable {
    package var conditions: [String: String]
    package var rows: [EventRow]

    package init(conditions: [String: String], rows: [EventRow]) {
        self.conditions = conditions
        self.rows = rows
    }

    package var markdown: String {
        var table = MarkdownTable(header: ["event", "programs", "measured", "limit", "kept"])
        table.rows = self.rows.map { row in
            let limits = row.limits.sorted { $0.key < $1.key }.map {
                "\($0.key) \(FigureText.fixed($0.value, decimals: 0)) s"
            }
            return [
                row.event, row.programs, row.text,
                limits.isEmpty ? MarkdownTable.nothing : limits.joined(separator: "; "),
                row.isKept ? "yes" : "**no**",
            ]
        }
        let conditions = self.conditions.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return """
            # Events

            What happens to a tunnel when something happens to it, over real sockets; medians. \
            \(conditions.joined(separator: "; ")).

            \(table.text)
            """
    }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
