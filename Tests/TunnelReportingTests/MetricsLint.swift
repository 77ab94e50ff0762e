/// A strict reader of the text format: what Prometheus' own checker finds, and more.
struct MetricsLint {
    private(set) var complaints: [String] = []
    /// Name of the metric whose lines are being read.
    private var current = ""
    private var kind = ""
    private var seenMetrics: Set<String> = []
    private var seenSeries: Set<String> = []
    private(set) var sampleCount = 0

    init(_ text: String) {
        if !text.hasSuffix("\n") { self.complaints.append("the last line does not end") }
        var hasHelp = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") {
                self.begin(line.dropFirst(7))
                hasHelp = true
            } else if line.hasPrefix("# TYPE ") {
                if !hasHelp { self.complain(line, "a type without help before it") }
                self.takeType(line.dropFirst(7))
                hasHelp = false
            } else {
                self.takeSample(line)
            }
        }
    }

    private mutating func complain(_ line: some StringProtocol, _ text: String) {
        self.complaints.append("\(text): \(line)")
    }

    private mutating func begin(_ line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[1].count > 10 else { return self.complain(line, "no help") }
        self.current = String(parts[0])
        if !self.seenMetrics.insert(self.current).inserted { self.complain(line, "a metric twice") }
        if self.current.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil { self.complain(line, "a bad name") }
        if self.current.contains(/_(ms|kb|mb|millis|milliseconds|minutes|count|sum|bucket|counter|gauge)(_|$)/) {
            self.complain(line, "a name with a unit or type that is not a base unit")
        }
    }

    private mutating func takeType(_ line: Substring) {
        let parts = line.split(separator: " ")
        guard parts.count == 2, parts[0] == self.current else { return self.complain(line, "a type of something else") }
        self.kind = String(parts[1])
        if !["counter", "gauge", "histogram"].contains(self.kind) { self.complain(line, "an unknown type") }
        if (self.kind == "counter") != self.current.hasSuffix("_total") {
            self.complain(line, "_total is for counters, and for all of them")
        }
    }

    private mutating func takeSample(_ line: Substring) {
        self.sampleCount += 1
        guard let match = line.wholeMatch(of: /([a-z0-9_]+)(\{[^}]*\})? (\S+)/) else {
            return self.complain(line, "not a sample")
        }
        let allowed =
            self.kind == "histogram" ? ["_bucket", "_sum", "_count"].map { self.current + $0 } : [self.current]
        if !allowed.contains(String(match.1)) { self.complain(line, "a sample of something else") }
        if let labels = match.2, labels.wholeMatch(of: /\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\}/) == nil
        {
            self.complain(line, "bad labels")
        }
        if !self.seenSeries.insert("\(match.1)\(match.2 ?? "")").inserted { self.complain(line, "a series twice") }
        guard let value = Double(match.3) else { return self.complain(line, "not a number") }
        if self.kind != "gauge", value < 0 { self.complain(line, "a negative count") }
    }
}
