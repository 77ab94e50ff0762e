import LinkReport
import NetworkSimulation
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct LinkDocumentTests {
    private struct Document: Decodable {
        struct Group: Decodable {
            struct Run: Decodable {
                struct Series: Decodable {
                    var names: [String]
                    var seconds: [Double]
                    var rates_megabits: [[Double]]
                    var queue_milliseconds: [Double]
                }

                var seed: UInt64
                var figures: [String: Double]
                var series: Series?
            }

            var link: String
            var variant: String
            var pattern: String
            var median: [String: Double]
            var runs: [Run]
        }

        var groups: [Group]
    }

    private func document(_ group: RunGroup, includesSeries: Bool) throws -> Document {
        let text = try LinkDocument([group], includesSeries: includesSeries).text
        return try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    }

    @Test func `figures have their keys`() throws {
        let group = group(.c, "default", .download, seeds: [4, 5])
        let document = try self.document(group, includesSeries: false)
        let parsed = try #require(document.groups.first)
        #expect([parsed.link, parsed.variant, parsed.pattern] == ["c", "default", "download"])
        #expect(parsed.runs.map(\.seed) == [4, 5])
        #expect(parsed.median["goodput_megabits"] == group.measures.goodput)
        #expect(parsed.median["limit_percent"] == group.measures.share)
        #expect(parsed.runs[1].figures["wire"] == group.runs[1].measures.wire)
        #expect(parsed.median["message_p99_milliseconds"] == nil)
        #expect(parsed.runs.allSatisfy { $0.series == nil })
    }

    @Test func `the course of a run is there if asked for`() throws {
        let group = group(.c, "default", .joined(by: .cubic))
        let series = try #require(try self.document(group, includesSeries: true).groups.first?.runs.first?.series)
        #expect(series.names == ["default", "cubic"])
        #expect(series.rates_megabits == group.runs[0].series.rates)
        #expect(series.queue_milliseconds.count == series.seconds.count)
    }
}
