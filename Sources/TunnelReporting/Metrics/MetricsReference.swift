/// `docs/metrics.md`, made from the table.
package enum MetricsReference {
    package static let markdown = """
        # Metrics

        This page is made from the table in `Sources/TunnelReporting/Metrics`; a test compares them. After a change to the
        table, write it anew with `KCPTUN_WRITE_DOCS=1 swift test --filter MetricsReferenceTests`.

        `--metrics 127.0.0.1:9100` (in the JSON file `"metrics": "127.0.0.1:9100"`) makes kcptun-client and kcptun-server
        answer over HTTP; `:9100` listens on all addresses of the machine. There is no password: whoever reaches the port
        can read everything below, and the addresses of the peers. `--pprof` is short for `--metrics 127.0.0.1:6060`.

        | path | what it gives |
        |---|---|
        | `/` | a page for people: what is wrong, sessions, and how things move |
        | `/metrics` | the metrics below, in the text format of Prometheus |
        | `/status.json` | the same for programs, and one entry for each session |
        | `/healthz` | 200 while all event loops answer, otherwise 503 |

        In the configuration of Prometheus:

        ```
        scrape_configs:
          - job_name: kcptun
            static_configs:
              - targets: ["127.0.0.1:9100"]
        ```

        `kcptun top 127.0.0.1:9100` shows the page in a terminal.

        Values are read when somebody asks; nothing is gathered otherwise. All counters are since the start of the program
        and include sessions that have ended. In brackets: the counter of the Go program (SIGUSR1, `--snmplog`) with the
        same meaning. A metric that has nothing to say is left out.

        """ + MetricsTable.sections.map { "\n" + Self.text($0) }.joined() + StatusReference.markdown

    private static func text(_ section: MetricsTable.Section) -> String {
        let rows = section.metrics.map { metric in
            "| `\(metric.name)` | \(metric.kind.rawValue) | \(metric.help)\(Self.labels(of: metric)) |\n"
        }
        return "## \(section.title)\n\n| name | type | meaning |\n|---|---|---|\n" + rows.joined()
    }

    /// What tells the series apart, or the name in the original of the only one.
    private static func labels(of metric: Metric) -> String {
        guard !metric.labelNames.isEmpty else { return Self.originals(of: metric).map { " [\($0)]" }.joined() }
        let names = metric.labelNames.map { "`\($0)`" }.joined(separator: ", ")
        guard case .series(let series) = metric.source else { return " Labels: \(names)." }
        let values = series.map { one in
            "`\(one.labelValue ?? "")`" + (one.original.map { " [\($0)]" } ?? "")
        }
        return " Label \(names): \(values.joined(separator: ", "))."
    }

    private static func originals(of metric: Metric) -> [String] {
        guard case .series(let series) = metric.source else { return [] }
        return series.compactMap(\.original)
    }
}
