import ArgumentParser

/// What the program tells about itself.
package struct ReportOptions: ParsableArguments {
    @Option(
        name: .customLong("snmplog"), parsing: .unconditional,
        help: .init(
            "Append counters to this CSV file, whose name may hold a date in Go's way, such as snmp-20060102.log.",
            valueName: "file"), completion: .file())
    package var counterLogPath = ""

    @Option(
        name: .customLong("snmpperiod"), parsing: .unconditional,
        help: .init("Time between rows of --snmplog.", valueName: "seconds"))
    package var counterLogSeconds = 60

    @Option(
        name: .customLong("log"), parsing: .unconditional,
        help: .init("Append the log to this file instead of stderr.", valueName: "file"), completion: .file())
    package var logPath = ""

    @Option(
        name: .customLong("log-level"), parsing: .unconditional,
        help: .init(
            "The least severe lines to log: \(LogLevel.nameList.joined(separator: ", ")).", valueName: "level"))
    package var logLevel = LogLevel.info.rawValue

    @Option(
        name: .customLong("log-format"), parsing: .unconditional,
        help: .init("How lines of the log look: text as the original's, or json.", valueName: "format"))
    package var logFormat = LogFormat.text.rawValue

    @Flag(name: .customLong("quiet"), help: "Do not log each connection.")
    package var isQuiet = false

    @Option(
        name: .customLong("metrics"), parsing: .unconditional,
        help: .init(
            "Serve metrics for Prometheus and a status page over HTTP there, such as 127.0.0.1:9100.",
            valueName: "address"))
    package var metricsAddress = ""

    /// The original serves Go's profiling pages, on all addresses.
    @Flag(name: .customLong("pprof"), help: "Serve metrics and the status page at 127.0.0.1:6060.")
    package var servesProfiles = false

    package init() {}
}
