/// What one measurement gave for each program.
struct ResultRow: Sendable {
    let scenario: String
    let measurement: Measurement
    private(set) var samples: [Program.Identity: [Sample]] = [:]
    var failures: [String] = []

    init(scenario: String, measurement: Measurement) {
        self.scenario = scenario
        self.measurement = measurement
    }

    mutating func add(_ sample: Sample, of program: Program.Identity) { samples[program, default: []].append(sample) }

    func values(_ metric: Metric, of program: Program.Identity) -> [Double] {
        (samples[program] ?? []).compactMap { $0[metric] }
    }

    func median(_ metric: Metric, of program: Program.Identity) -> Double? {
        tunnel_benchmark.median(values(metric, of: program))
    }

    /// How many times more of the figure ours has than the other program.
    func ratio(_ metric: Metric) -> Double? {
        guard let ours = median(metric, of: .swift), let theirs = median(metric, of: .go), theirs > 0 else {
            return nil
        }
        return ours / theirs
    }

    /// How many times less.
    func inverseRatio(_ metric: Metric) -> Double? { ratio(metric).map { 1 / $0 } }

    var progressLine: String {
        let figures = Metric.allCases.compactMap { metric -> String? in
            guard let ours = median(metric, of: .swift) else { return nil }
            let theirs = median(metric, of: .go).map { " : \($0.brief)" } ?? ""
            return "\(metric.rawValue) \(ours.brief)\(theirs)"
        }
        return "\(scenario) · \(measurement.name) · " + figures.joined(separator: ", ")
    }
}
