import NetworkSimulation

/// The pictures of a run: rate, round trip, queue and losses over time.
package enum LinkPlot {
    /// A picture for every link and pattern with the first seed of each variant in a colour of its own. Where several
    /// flows share the link, every variant has a picture, and every flow a colour.
    package static func plots(_ groups: [RunGroup]) -> [(fileName: String, plot: PanelPlot)] {
        var names: [String] = []
        var members: [String: [RunGroup]] = [:]
        for group in groups {
            let name = self.fileName(group)
            if members[name] == nil { names.append(name) }
            members[name, default: []].append(group)
        }
        return names.map { ($0, self.plot(members[$0] ?? [])) }
    }

    /// Letters, digits and "-".
    private static func fileName(_ group: RunGroup) -> String {
        let isShared = group.runs[0].series.names.count > 1
        let text = [group.link, group.pattern] + (isShared ? [group.variant] : [])
        return text.joined(separator: "-").map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }
            .joined()
            + ".svg"
    }

    private static func plot(_ groups: [RunGroup]) -> PanelPlot {
        let runs = groups.map { $0.runs[0] }
        let first = runs[0]
        let flows = runs.flatMap { run in run.series.names.indices.map { (run.series, $0) } }
        let own = runs.count == 1
        let roundTrips = flows.map { Self.known($0.roundTrips[$1]) }
        let areKnown = roundTrips.joined().contains { $0.isFinite }
        return PanelPlot(
            title: "Link \(first.outline.scenario.name), \(first.outline.pattern.name), seed \(first.outline.seed)",
            names: flows.map { series, flow in series.names[flow] }, seconds: first.series.seconds,
            panels: [
                PanelPlot.Panel(
                    title: "Payload delivered, Mbit/s, mean of 200 ms (dashed: what the link can carry)",
                    lines: [PanelPlot.Line(name: nil, values: first.series.limit, stroke: .dashed)]
                        + flows.enumerated().map { PanelPlot.Line(name: $0, values: Self.smoothed($1.0.rates[$1.1])) })
            ] + (areKnown ? [Self.roundTripPanel(roundTrips)] : []) + [
                PanelPlot.Panel(title: "Waiting at the bottleneck, ms", lines: Self.lines(runs, own, \.queue)),
                PanelPlot.Panel(
                    title: "Datagrams per 50 ms dropped by a queue or policer (dashed: lost on the way)",
                    lines: Self.lines(runs, own, \.drops) + Self.lines(runs, own, \.strayLosses, .dashed)),
            ])
    }

    private static func roundTripPanel(_ values: [[Double]]) -> PanelPlot.Panel {
        PanelPlot.Panel(
            title: "Round trip as the sender sees it, ms",
            lines: values.enumerated().map { PanelPlot.Line(name: $0, values: $1) })
    }

    /// What a run has one of, in the colour of its first flow, or in none if all flows share it.
    private static func lines(
        _ runs: [RunResult], _ isShared: Bool, _ path: KeyPath<RunSeries, [Double]>,
        _ stroke: PanelPlot.Line.Stroke = .solid
    ) -> [PanelPlot.Line] {
        var first = 0
        return runs.map { run in
            defer { first += run.series.names.count }
            let name = isShared && run.series.names.count > 1 ? nil : first
            return PanelPlot.Line(name: name, values: run.series[keyPath: path], stroke: stroke)
        }
    }

    /// 0 stands for a time that is not known yet.
    private static func known(_ values: [Double]) -> [Double] { values.map { $0 > 0 ? $0 : .nan } }

    /// The mean of four values: payload comes in jumps, whenever a hole has been filled.
    private static func smoothed(_ values: [Double]) -> [Double] {
        values.indices.map { end in
            let window = values[max(end - 3, 0)...end]
            return window.reduce(0, +) / Double(window.count)
        }
    }
}
