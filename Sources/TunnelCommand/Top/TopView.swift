import TunnelReporting

/// What `kcptun top` shows of a model: nothing here depends on anything else.
package struct TopView: Sendable {
    private let model: TopModel

    package init(model: TopModel) { self.model = model }

    /// As many lines as a terminal of this size has.
    package func screen(columns: Int, rows: Int) -> [StyledLine] {
        var lines = self.summary(columns: columns)
        let room = max(1, rows - lines.count - 2)
        let sessions = Array(self.model.sessions.dropFirst(self.model.firstSession).prefix(room))
        lines += self.table(sessions, columns: columns)
        lines = Array(lines.prefix(max(0, rows - 1)))
        lines += Array(repeating: StyledLine(), count: max(0, rows - 1 - lines.count))
        return lines + [self.footer(shownCount: sessions.count)]
    }

    /// Everything, one below the other.
    package func report(columns: Int) -> [StyledLine] {
        self.summary(columns: columns) + self.table(self.model.sessions, columns: columns)
    }

    private func footer(shownCount: Int) -> StyledLine {
        let count = self.model.sessions.count
        let first = self.model.firstSession
        let position = shownCount < count ? "sessions \(first + 1) to \(first + shownCount) of \(count)   " : ""
        return StyledLine("\(position)q quit   ↑ ↓ move", .quiet)
    }

    // MARK: Summary

    private func summary(columns: Int) -> [StyledLine] {
        guard let document = self.model.current else {
            guard let trouble = self.model.trouble else { return [StyledLine("Asking the program …", .quiet)] }
            return StyledLine(trouble, .problem).wrapped(columns: columns, indent: 0)
        }
        let trouble = self.model.trouble.map { StyledLine($0, .problem).wrapped(columns: columns, indent: 0) }
        return [self.title(document, columns: columns)] + (trouble ?? []) + self.figures(columns: columns)
            + [StyledLine()] + self.findings(document, columns: columns)
    }

    private func title(_ document: StatusDocument, columns: Int) -> StyledLine {
        var line = StyledLine(document.program, .bold)
        let sessionCount = document.sessions.count + document.omittedSessions
        let streamCount = document.sessions.reduce(0) { $0 + $1.streams }
        line.append(
            " \(document.version)   \(FigureText.count(sessionCount, "session")), "
                + "\(FigureText.count(streamCount, "stream"))")
        let (text, style) = self.state(document)
        line.append(String(repeating: " ", count: max(3, columns - line.width - text.count)))
        line.append(text, style)
        return line
    }

    private func state(_ document: StatusDocument) -> (String, StyledLine.Style) {
        if self.model.trouble != nil { return ("no answer", .problem) }
        let problemCount = document.findings.count { $0.severity == .problem }
        if problemCount > 0 { return (FigureText.count(problemCount, "problem"), .problem) }
        if !document.findings.isEmpty { return (FigureText.count(document.findings.count, "notice"), .notice) }
        return ("all is well", .good)
    }

    private func figures(columns: Int) -> [StyledLine] {
        let rates = self.model.rates
        let roundTrip = self.model.medianRoundTrip
        let loss = "in \(FigureText.percent(rates?.receivedLoss)), out \(FigureText.percent(rates?.sentLoss))"
        let times = roundTrip.map {
            "\(FigureText.milliseconds($0.smoothed)) (min \(FigureText.fixed($0.minimum * 1000, 0)))"
        }
        return [
            self.figure("received", rates.map { FigureText.bitRate($0.receivedPayload) }, self.model.received, columns),
            self.figure("sent", rates.map { FigureText.bitRate($0.sentPayload) }, self.model.sent, columns),
            self.figure("round trip", times, self.model.roundTrip, columns),
            self.figure("loss", loss, self.model.loss, columns, least: 0.01),
            self.wire,
        ]
    }

    private func figure(
        _ name: String, _ text: String?, _ history: TopModel.History, _ columns: Int, least: Double = 1e-9
    ) -> StyledLine {
        var line = StyledLine(FigureText.left(name, width: 12), .quiet)
        line.append(FigureText.left(text ?? "-", width: 24), .bold)
        line.append(Sparkline.text(history.values, columns: max(0, columns - line.width), least: least))
        return line
    }

    /// What the sent bytes were.
    private var wire: StyledLine {
        guard let totals = self.model.current?.totals, totals.sentWireBytes > 0 else { return StyledLine() }
        let parts = [
            ("payload", totals.sentContentBytes), ("headers", totals.sentHeaderBytes),
            ("parity", totals.sentParityBytes), ("sent again", totals.sentRetransmissionBytes),
            ("acks", totals.sentAcknowledgementBytes),
        ].map { "\($0) \(FigureText.percent(Double($1) / Double(totals.sentWireBytes)))" }
        var line = StyledLine(FigureText.left("sent bytes", width: 12), .quiet)
        line.append(parts.joined(separator: ", "))
        return line
    }

    private func findings(_ document: StatusDocument, columns: Int) -> [StyledLine] {
        let shown = document.findings.prefix(Self.findingLimit)
        let lines = shown.flatMap { finding in
            var line = StyledLine(
                finding.severity == .problem ? "PROBLEM " : "notice  ",
                finding.severity == .problem ? .problem : .notice)
            if let session = finding.session { line.append("\(session): ", .bold) }
            line.append(finding.text)
            let advice = StyledLine(String(repeating: " ", count: Self.indent) + finding.advice, .quiet)
            return line.wrapped(columns: columns, indent: Self.indent)
                + advice.wrapped(columns: columns, indent: Self.indent)
        }
        return lines.isEmpty ? [] : lines + [StyledLine()]
    }

    private static let findingLimit = 4
    /// The width of the word in front of a finding.
    private static let indent = 8

    // MARK: Sessions

    private func table(_ sessions: [SessionStatus], columns: Int) -> [StyledLine] {
        guard let document = self.model.current else { return [] }
        guard !sessions.isEmpty else {
            let text =
                document.program.hasSuffix("server")
                ? "No client has a session." : "There is no session: one is made when an application connects."
            return [StyledLine(text, .quiet)]
        }
        let table = TopTable(columns: columns, names: sessions.map(\.name))
        return [table.head] + sessions.map { table.row($0, self.model.sessionRates[$0.id]) }
    }
}
