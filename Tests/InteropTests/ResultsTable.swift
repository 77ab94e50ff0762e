import Foundation

/// The table of a run of the whole matrix: `interop-results.md` in the project's folder.
actor ResultsTable {
    static let shared = ResultsTable()

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "interop-results.md")

    private var rows: [String] = []
    private var failureCount = 0
    private let start = ContinuousClock.now

    /// Adds a row, prints it, and brings the file up to date if there is to be one.
    func add(_ matrixCase: MatrixCase, _ result: Result<MatrixRun, any Error>, keepsFile: Bool) {
        let row = Self.row(matrixCase, result)
        if case .failure = result { self.failureCount += 1 }
        self.rows.append(row)
        print(row)
        guard keepsFile else { return }
        try? self.text.write(to: Self.file, atomically: true, encoding: .utf8)
    }

    private var text: String {
        let minutes = (ContinuousClock.now - self.start) / .seconds(60)
        return """
            # Interoperability with Debian's kcptun (2021)

            \(self.rows.count) of \(MatrixCase.all.count) combinations run, \(self.rows.count - self.failureCount) passed, \
            \(self.failureCount) failed, in \(String(format: "%.1f", minutes)) minutes. Each carries \
            \(MatrixRun.bulkByteCount >> 20) MiB each way on one stream, \(MatrixRun.concurrentByteCount >> 10) KiB each way on \
            each of \(MatrixRun.concurrentStreamCount) streams at once, and \(MatrixRun.lossyByteCount >> 10) KiB each way over a \
            link with 5 % loss and reordering; every byte is compared, and its SHA-256. The columns of seconds are for \
            orientation: two combinations run at the same time.

            | client → server | cipher | smux | snappy | FEC | bulk s | 20 streams s | lossy s | lost | result |
            |---|---|---|---|---|---|---|---|---|---|

            """ + self.rows.sorted().joined(separator: "\n") + "\n"
    }

    private static func row(_ matrixCase: MatrixCase, _ result: Result<MatrixRun, any Error>) -> String {
        var cells = [
            "\(matrixCase.pair)", matrixCase.cipher, "\(matrixCase.smuxVersion)", matrixCase.compresses ? "on" : "off",
            "\(matrixCase.errorCorrection)",
        ]
        switch result {
        case .success(let run):
            cells += [run.bulkSeconds, run.concurrentSeconds, run.lossySeconds].map { String(format: "%.2f", $0) }
            cells.append(String(format: "%.1f %%", run.lostPercentage))
            cells.append("passed")
        case .failure(let error):
            let firstLine = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            cells += ["", "", "", "", "**failed**: \(firstLine.replacing("|", with: "/"))"]
        }
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
