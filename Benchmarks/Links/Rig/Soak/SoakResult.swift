import LinkReport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What came of a soak.
package struct SoakResult: Sendable {
    package var counts: SoakCounts
    package var wrongRequests: Int
    package var requestBytes: Int
    package var restarts: Int
    package var rebindings: Int
    package var lives: [ProcessLife]

    package init(
        counts: SoakCounts, wrongRequests: Int, requestBytes: Int, restarts: Int, rebindings: Int, lives: [ProcessLife]
    ) {
        self.counts = counts
        self.wrongRequests = wrongRequests
        self.requestBytes = requestBytes
        self.restarts = restarts
        self.rebindings = rebindings
        self.lives = lives
    }

    init(counts: SoakCounts, wrongRequests: Int, requestBytes: Int, course: SoakCourse) {
        self.init(
            counts: counts, wrongRequests: wrongRequests, requestBytes: requestBytes, restarts: course.restarts,
            rebindings: course.rebindings, lives: course.lives)
    }

    /// Lives of programs that were long enough to tell whether their memory and descriptors grow.
    private var judgedLives: [ProcessLife] { self.lives.filter { $0.isFlat != nil } }

    package var isPassed: Bool {
        self.counts.lostConnections == 0 && self.counts.wrongConnections == 0 && self.wrongRequests == 0
            && self.counts.completeConnections > 0 && self.lives.allSatisfy { $0.isFlat != false }
    }

    // MARK: For people

    package var markdown: String {
        var table = MarkdownTable(header: ["program", "resident MiB: early, late, most", "descriptors", "flat"])
        table.rows = self.judgedLives.map { life in
            [life.program, Self.text(life.memory), Self.text(life.descriptors), life.isFlat == true ? "yes" : "**no**"]
        }
        return """
            \(self.isPassed ? "Passed" : "**Failed**"): \(self.counts.completeConnections) connections complete, \
            \((self.counts.checkedBytes + self.requestBytes) / 1_000_000) MB checked, \
            \(self.counts.lostConnections) lost (\(self.counts.lostBytes) bytes), \
            \(self.counts.wrongConnections + self.wrongRequests) with wrong bytes; \
            \(self.counts.cutByRestart) cut by \(self.restarts) restarts, \(self.counts.resetConnections) reset by their \
            applications, \(self.rebindings) new addresses.

            Early and late: not more in the quiet quarter of the first and of the second half of the program's life.

            \(table.text)
            """
    }

    private static func text(_ course: ProcessLife.Course?) -> String {
        guard let course else { return MarkdownTable.nothing }
        return [course.quietEarly, course.quietLate, course.largest].map { FigureText.fixed($0, decimals: 0) }
            .joined(separator: ", ")
    }

    // MARK: For programs

    private struct Document: Codable {
        struct Life: Codable {
            var program: String
            var mebibytes: ProcessLife.Course?
            var descriptors: ProcessLife.Course?
        }

        var isPassed: Bool
        var conditions: [String: String]
        var counts: SoakCounts
        var wrongRequests: Int
        var requestBytes: Int
        var restarts: Int
        var rebindings: Int
        var lives: [Life]
    }

    package func json(conditions: [String: String]) throws -> String {
        let document = Document(
            isPassed: self.isPassed, conditions: conditions, counts: self.counts, wrongRequests: self.wrongRequests,
            requestBytes: self.requestBytes, restarts: self.restarts, rebindings: self.rebindings,
            lives: self.judgedLives.map {
                Document.Life(program: $0.program, mebibytes: $0.memory, descriptors: $0.descriptors)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
