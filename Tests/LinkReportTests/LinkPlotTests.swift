import LinkReport
import NetworkSimulation
import Testing

@Suite struct LinkPlotTests {
    @Test func `variants share a picture`() throws {
        let plots = LinkPlot.plots([
            group(.c, "default", .download, seeds: [1, 2]), group(.c, "go-default", .download),
            group(.a, "default", .download),
        ])
        #expect(plots.map(\.fileName) == ["c-download.svg", "a-download.svg"])
        let plot = try #require(plots.first?.plot)
        #expect(plot.names == ["default", "go-default"])
        #expect(plot.panels.map(\.lines.count) == [3, 2, 2, 4])
        #expect(plot.panels[2].lines.map(\.name) == [0, 1])
        #expect(plot.title == "Link c, download, seed 1")
    }

    @Test func `flows that share a link have a picture of their own`() throws {
        let plots = LinkPlot.plots([
            group(.a, "default", .joined(by: .cubic)), group(.a, "default+go-default", .joined(by: .cubic)),
        ])
        #expect(
            plots.map(\.fileName) == ["a-joined-by-cubic-default.svg", "a-joined-by-cubic-default-go-default.svg"])
        let plot = try #require(plots.first?.plot)
        #expect(plot.names == ["default", "cubic"])
        #expect(plot.panels[0].lines.map(\.name) == [nil, 0, 1])
        // The queue belongs to both.
        #expect(plot.panels[2].lines.map(\.name) == [nil])
    }

    @Test func `rates are smoothed and unknown round trips left out`() throws {
        let group = group(.a, "default", .download)
        let plot = try #require(LinkPlot.plots([group]).first?.plot)
        let raw = group.runs[0].series.rates[0]
        let drawn = plot.panels[0].lines[1].values
        #expect(abs(drawn[10] - raw[7...10].reduce(0, +) / 4) < 1e-9)
        #expect(drawn[0] == raw[0])
        #expect(group.runs[0].series.roundTrips[0][0] == 0)
        #expect(plot.panels[1].lines[0].values[0].isNaN)
    }
}
