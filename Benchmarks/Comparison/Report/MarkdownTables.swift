import BenchmarkSupport

/// The tables of a report, and the short form for the README.
struct MarkdownTables {
    let report: Report

    /// Every row.
    var full: String {
        [heading, bulkTable, interactiveTable, idleTable, failures].filter { !$0.isEmpty }.joined(separator: "\n\n")
            + "\n"
    }

    /// One row per scenario: what a reader wants to know first.
    var summary: String {
        [summaryBulkTable, interactiveTable, idleTable, footnote].joined(separator: "\n\n") + "\n"
    }

    private var heading: String { "# swift-kcptun beside Debian's kcptun\n\n\(footnote)" }

    private var footnote: String {
        let conditions = report.conditions
        return """
            Medians of \(conditions.runs) interleaved runs of \(conditions.windowSeconds.brief) s on loopback, incompressible \
            payload, each program with itself; both ends' processor time together. The load generator shares the \
            machine's \(conditions.processorCount) processors (\(conditions.processor), Linux \(conditions.kernel)); other \
            programs kept \(report.foreignLoad.fixed(2)) of them busy. Options of all cases but the defaults: \
            `-mode fast3 -nocomp -sndwnd 4096 -rcvwnd 4096`. \(conditions.date), revision \(conditions.revision).
            """
    }

    private var bulkTable: String {
        table(
            [
                "case", "transfer", "Mbit/s", "Go", "ratio", "CPU-s/GB", "Go", "payload per CPU-second", "peak MiB",
                "Go",
            ],
            bulkRows.map { row in
                [row.scenario, row.measurement.name]
                    + pair(row, .megabitsPerSecond) + [times(row.ratio(.megabitsPerSecond))]
                    + pair(row, .processorSecondsPerGigabyte) + [times(row.inverseRatio(.processorSecondsPerGigabyte))]
                    + pair(row, .peakResidentMebibytes)
            })
    }

    private var summaryBulkTable: String {
        table(
            [
                "one stream, download / upload", "Mbit/s", "kcptun (Debian 12)", "CPU-s/GB", "kcptun (Debian 12)",
                "payload per CPU-second",
            ],
            scenarios.map { scenario in
                let rows = Direction.allCases.compactMap { direction in
                    bulkRows.first { $0.scenario == scenario && $0.measurement == .bulk(direction, streamCount: 1) }
                }
                return [scenario]
                    + both(rows, .megabitsPerSecond) + both(rows, .processorSecondsPerGigabyte)
                    + [rows.map { times($0.inverseRatio(.processorSecondsPerGigabyte)) }.joined(separator: " / ")]
            })
    }

    private var interactiveTable: String {
        let rows = report.rows.compactMap { row -> [String]? in
            switch row.measurement {
            case .requests:
                [
                    row.scenario, row.measurement.name, latencies(row, .swift), latencies(row, .go),
                    times(row.ratio(.requestsPerSecond)),
                ]
            case .firstByte:
                [
                    row.scenario, row.measurement.name, figure(row, .firstByteMilliseconds, .swift, " ms"),
                    figure(row, .firstByteMilliseconds, .go, " ms"), times(row.inverseRatio(.firstByteMilliseconds)),
                ]
            default: nil
            }
        }
        return table(["case", "latency", "swift-kcptun", "kcptun (Debian 12)", "ratio"], rows)
    }

    private var idleTable: String {
        let rows = report.rows.compactMap { row -> [String]? in
            guard case .idle = row.measurement else { return nil }
            let runs = row.samples.values.map(\.count).max() ?? 0
            return [
                "\(row.measurement.name) (median of \(runs))", idleFigures(row, .swift), idleFigures(row, .go),
            ]
        }
        return table(["", "swift-kcptun", "kcptun (Debian 12)"], rows)
    }

    private var failures: String {
        report.rows.flatMap { row in
            row.failures.map { "- \(row.scenario), \(row.measurement.name): \($0.prefix { $0 != "\n" })" }
        }.joined(separator: "\n")
    }

    private var bulkRows: [ResultRow] {
        report.rows.filter { if case .bulk = $0.measurement { true } else { false } }
    }

    private var scenarios: [String] {
        report.rows.reduce(into: []) { names, row in if !names.contains(row.scenario) { names.append(row.scenario) } }
    }

    private func latencies(_ row: ResultRow, _ program: Program.Identity) -> String {
        guard let rate = row.median(.requestsPerSecond, of: program) else { return "–" }
        let middle = row.median(.medianLatencyMilliseconds, of: program) ?? 0
        let slow = row.median(.latency99Milliseconds, of: program) ?? 0
        return "\(rate.brief)/s, p50 \(middle.brief) ms, p99 \(slow.brief) ms"
    }

    private func idleFigures(_ row: ResultRow, _ program: Program.Identity) -> String {
        figure(row, .idleProcessorPercent, program, " % of a processor") + ", "
            + figure(row, .peakResidentMebibytes, program, " MiB at both ends at most, opening them included")
    }

    private func pair(_ row: ResultRow, _ metric: Metric) -> [String] {
        [figure(row, metric, .swift), figure(row, metric, .go)]
    }

    private func both(_ rows: [ResultRow], _ metric: Metric) -> [String] {
        [Program.Identity.swift, .go].map { program in
            rows.map { figure($0, metric, program) }.joined(separator: " / ")
        }
    }

    private func figure(_ row: ResultRow, _ metric: Metric, _ program: Program.Identity, _ unit: String = "") -> String
    {
        row.median(metric, of: program).map { $0.brief + unit } ?? "–"
    }

    private func times(_ ratio: Double?) -> String { ratio.map { "\($0.fixed(1))×" } ?? "–" }

    private func table(_ header: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = [header, header.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
