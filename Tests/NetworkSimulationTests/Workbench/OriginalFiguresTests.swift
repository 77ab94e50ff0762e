import NetworkSimulation
import TestSupport
import Testing

/// Holds the model of the original to what the original has been measured to do. The link where it does not fit, d with
/// fast3, is left out; docs/links.md says how far off it is.
@Suite struct OriginalFiguresTests {
    /// A measured row and how far the model may be off, as shares.
    struct Row: CustomTestStringConvertible {
        var figures: OriginalFigures
        var goodputTolerance: Double
        var wireTolerance: Double

        /// `nil` for a row that does not fit.
        init?(_ figures: OriginalFigures) {
            self.figures = figures
            switch (figures.profile.name, figures.link.name, figures.direction) {
            case ("go-fast3", "d", _), ("go-fast3-nofec", "d", _), ("go-fast3", "g", .up): return nil
            case ("go-default", "b"..."f", _), ("go-fast3", "c", _), ("go-fast3", "e", _),
                ("go-fast3-nofec", "b"..."c", _),
                ("go-fast3-nofec", "f"..."g", _):
                (self.goodputTolerance, self.wireTolerance) = (0.06, 0.05)
            default: (self.goodputTolerance, self.wireTolerance) = (0.16, 0.12)
            }
        }

        var testDescription: String {
            "\(self.figures.link.name) \(self.figures.profile.name) \(self.figures.direction)"
        }
    }

    private static let rows = OriginalFigures.all.compactMap(Row.init)

    private static func median(_ figures: OriginalFigures, withMessages: Bool) async throws -> LinkMeasures {
        try await calculate {
            LinkMeasures.median(
                of: [1, 2, 3].map { LinkRun.result(of: figures.plan(seed: $0, withMessages: withMessages)).measures })
        }
    }

    @Test func `most rows are compared, and most of them closely`() {
        #expect(Self.rows.count >= OriginalFigures.all.count - 3)
        #expect(Self.rows.count { $0.goodputTolerance < 0.1 } >= 10)
    }

    @Test(arguments: rows) func `rate and waste are those of the original`(row: Row) async throws {
        let model = try await Self.median(row.figures, withMessages: false)
        let goodput = try #require(model.goodput) / row.figures.goodput
        let wire = try #require(model.wire) / row.figures.wire
        #expect(abs(goodput - 1) <= row.goodputTolerance, "\(goodput)")
        #expect(abs(wire - 1) <= row.wireTolerance, "\(wire)")
    }

    @Test(arguments: rows.filter { $0.figures.message99 != nil })
    func `messages beside a transfer wait as long as the original's`(row: Row) async throws {
        let model = try await Self.median(row.figures, withMessages: true)
        let ratio = try #require(model.message99) / (try #require(row.figures.message99))
        #expect(abs(ratio - 1) <= 0.25, "\(ratio)")
    }
}
