extension MetricsTable {
    static let program: [Metric] = [
        Metric(
            name: "kcptun_build_info", kind: .gauge, help: "Always 1; the labels say what is running.",
            labelNames: ["program", "version"],
            source: .samples { input in
                let labels = [
                    MetricLabel(name: "program", value: input.program.name),
                    MetricLabel(name: "version", value: input.program.version),
                ]
                return [MetricSample(labels: labels, value: 1)]
            }),
        .gauge("process_start_time_seconds", "When the program was started, since 1970.") { $0.program.startTime },
        Metric(
            name: "process_cpu_seconds_total", kind: .counter, help: "Processor time used, user and system together.",
            labelNames: [], source: .samples { [MetricSample(value: $0.process.processorSeconds)] }),
        .gauge("process_resident_memory_bytes", "Memory of the process that is in use (Linux).") {
            $0.process.residentByteCount.map { Double($0) }
        },
        .gauge("process_open_fds", "Open files and sockets (Linux).") {
            $0.process.openDescriptorCount.map { Double($0) }
        },
        .gauge("process_max_fds", "How many files and sockets the process may open.") {
            $0.process.descriptorLimit.map { Double($0) }
        },
    ]
}
