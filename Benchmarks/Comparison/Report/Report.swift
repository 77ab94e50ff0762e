import FoundationEssentials

/// A whole run: where and how it was made, and its rows.
struct Report {
    let conditions: Conditions
    let rows: [ResultRow]

    /// Everything, for programs.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(self)), as: UTF8.self) + "\n"
    }

    /// What happened outside the programs: processors that others kept busy, mean over all windows.
    var foreignLoad: Double {
        let loads = rows.flatMap { row in
            Program.Identity.allCases.flatMap { row.values(.foreignLoad, of: $0) }
        }
        return loads.isEmpty ? 0 : loads.reduce(0, +) / Double(loads.count)
    }
}

/// How a run was made.
struct Conditions: Codable {
    let date: String
    let processor: String
    let processorCount: Int
    let kernel: String
    let runs: Int
    let windowSeconds: Double
    let revision: String
}

private struct Document: Encodable {
    let conditions: Conditions
    let foreignLoad: Double
    let rows: [Row]

    struct Row: Encodable {
        let scenario: String
        let measurement: String
        let medians: [String: [String: Double]]
        let samples: [String: [[String: Double]]]
        let failures: [String]
    }

    init(_ report: Report) {
        conditions = report.conditions
        foreignLoad = report.foreignLoad.thousandths
        rows = report.rows.map { row in
            Row(
                scenario: row.scenario, measurement: row.measurement.name, medians: Self.medians(of: row),
                samples: Self.samples(of: row), failures: row.failures)
        }
    }

    private static func medians(of row: ResultRow) -> [String: [String: Double]] {
        Dictionary(
            uniqueKeysWithValues: row.samples.keys.map { program in
                let figures = Metric.allCases.compactMap { metric in
                    row.median(metric, of: program).map { (metric.rawValue, $0.thousandths) }
                }
                return (program.rawValue, Dictionary(uniqueKeysWithValues: figures))
            })
    }

    private static func samples(of row: ResultRow) -> [String: [[String: Double]]] {
        Dictionary(
            uniqueKeysWithValues: row.samples.map { program, samples in
                let named = samples.map { sample in
                    Dictionary(uniqueKeysWithValues: sample.map { ($0.key.rawValue, $0.value.thousandths) })
                }
                return (program.rawValue, named)
            })
    }
}

extension Double {
    fileprivate var thousandths: Double { (self * 1000).rounded() / 1000 }
}
