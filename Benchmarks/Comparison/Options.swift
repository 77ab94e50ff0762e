import BenchmarkSupport

/// The command line of the comparison.
struct Options {
    var ours = ".build/release"
    var reference = "/usr/bin"
    var timing = Timing.full
    /// Only scenarios whose name holds this text.
    var only = ""
    /// The results' path without its ending.
    var output = "Benchmarks/results/latest"
    var revision = "unknown"
    var date = "unknown"
    var isForOursOnly = false
    var patience = 0.0
    /// Gigabytes to carry through one tunnel of ours instead of the comparison; 0 for none.
    var soakGigabytes = 0.0

    static let help = """
        usage: tunnel-benchmark [--runs N] [--window SECONDS] [--quick] [--patience SECONDS] [--only TEXT] [--ours FOLDER]
                                [--reference FOLDER] [--ours-only] [--output PATH] [--revision TEXT] [--date TEXT]
               tunnel-benchmark --soak GIGABYTES [--only TEXT] [--ours FOLDER]
        """

    init(_ arguments: [String]) throws(BenchmarkError) {
        if arguments.contains("--quick") { timing = .quick }
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--quick": continue
            case "--ours-only": isForOursOnly = true
            case "--runs": timing.runs = try Self.number(name, &rest) { Int($0) }
            case "--window": timing.window = try Self.number(name, &rest) { Double($0) }
            case "--soak": soakGigabytes = try Self.number(name, &rest) { Double($0) }
            case "--patience": patience = try Self.number(name, &rest) { Double($0) }
            case "--only": only = try Self.value(name, &rest)
            case "--ours": ours = try Self.value(name, &rest)
            case "--reference": reference = try Self.value(name, &rest)
            case "--output": output = try Self.value(name, &rest)
            case "--revision": revision = try Self.value(name, &rest)
            case "--date": date = try Self.value(name, &rest)
            default: throw .usage("unknown option \(name)\n\(Self.help)")
            }
        }
        guard timing.runs > 0, timing.window > 0 else { throw .usage("--runs and --window must be above 0") }
    }

    private static func value(_ name: String, _ rest: inout ArraySlice<String>) throws(BenchmarkError) -> String {
        guard let value = rest.popFirst() else { throw .usage("\(name) needs a value") }
        return value
    }

    private static func number<Number>(
        _ name: String, _ rest: inout ArraySlice<String>, _ parse: (String) -> Number?
    ) throws(BenchmarkError) -> Number {
        let text = try value(name, &rest)
        guard let number = parse(text) else { throw .usage("\(name) \(text): not a number") }
        return number
    }
}
