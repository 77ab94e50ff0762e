import BenchmarkSupport
import FoundationEssentials
import Glibc

/// Connections at both of the tunnel's outer ends, 2,000 and more of them; the tunnel's processes inherit it.
func allowManyDescriptors() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

func run() throws {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let scenarios = Scenario.all.filter { options.only.isEmpty || $0.name.contains(options.only) }
    guard !scenarios.isEmpty else { throw BenchmarkError.usage("no case is named like \(options.only)") }
    var programs = [Program(identity: .swift, folder: options.ours)]
    if !options.isForOursOnly { programs.append(Program(identity: .go, folder: options.reference)) }
    for path in programs.flatMap({ [$0.clientPath, $0.serverPath] }) where access(path, X_OK) != 0 {
        throw BenchmarkError.usage("there is no program \(path)")
    }

    let logFolder = try ScratchFolder.make("tunnel-benchmark")
    defer { try? FileManager.default.removeItem(atPath: logFolder) }

    allowManyDescriptors()
    if options.soakGigabytes > 0 {
        for scenario in scenarios {
            try Soak(scenario: scenario, program: programs[0], logFolder: logFolder).run(
                gigabytes: options.soakGigabytes)
        }
        return
    }
    let comparison = Comparison(
        programs: programs, scenarios: scenarios, timing: options.timing, logFolder: logFolder,
        patience: options.patience)
    let rows = try comparison.run()
    let conditions = Conditions(
        date: options.date, processor: SystemFiles.processorName, processorCount: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
        kernel: SystemFiles.kernelRelease, runs: options.timing.runs, windowSeconds: options.timing.window,
        revision: options.revision)
    let report = Report(conditions: conditions, rows: rows)
    let tables = MarkdownTables(report: report)
    try report.json().write(toFile: options.output + ".json", atomically: true, encoding: .utf8)
    try tables.full.write(toFile: options.output + ".md", atomically: true, encoding: .utf8)
    try tables.summary.write(toFile: options.output + ".summary.md", atomically: true, encoding: .utf8)
    print(tables.full)
}

do {
    try run()
} catch {
    Console.say("\(error)")
    exit(1)
}
