package import Glibc

/// Figures of the system's `/proc`.
package enum SystemFiles {
    /// The file's text; empty if there is none.
    package static func text(_ path: String) -> String {
        guard let file = unsafe fopen(path, "r") else { return "" }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// Time that all processors together have been busy.
    package static func machineProcessorTime() -> Nanoseconds {
        let fields = text("/proc/stat").prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Int64($0) }
        // user nice system idle iowait irq softirq; idle and iowait do not count.
        let ticks = fields.enumerated().prefix(7).filter { ![3, 4].contains($0.offset) }.map(\.element).reduce(0, +)
        return Nanoseconds(count: ticks * 1_000_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// The most memory a process has had resident, in MiB.
    package static func peakResidentMebibytes(of process: pid_t) -> Double { status("VmHWM:", of: process) / 1024 }

    /// The memory a process has resident, in MiB.
    package static func residentMebibytes(of process: pid_t) -> Double { status("VmRSS:", of: process) / 1024 }

    /// A number of `/proc/PID/status`; 0 if it is not there.
    private static func status(_ key: String, of process: pid_t) -> Double {
        for line in text("/proc/\(process)/status").split(separator: "\n") where line.hasPrefix(key) {
            let value = line.dropFirst(key.count).split { " \t".contains($0) }.first
            return value.flatMap { Double($0) } ?? 0
        }
        return 0
    }

    /// How many descriptors a process has open.
    package static func descriptorCount(of process: pid_t) -> Int {
        guard let folder = unsafe opendir("/proc/\(process)/fd") else { return 0 }
        defer { unsafe closedir(folder) }
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // The folder itself and the one above it are among them.
        return max(0, count - 2)
    }

    /// Whether a process has bound this UDP port.
    package static func isUDPPortBound(_ port: UInt16) -> Bool {
        self.isPortBound(port, ["/proc/net/udp", "/proc/net/udp6"]) { _ in true }
    }

    /// Whether a process takes TCP connections at this port.
    package static func isTCPPortBound(_ port: UInt16) -> Bool {
        self.isPortBound(port, ["/proc/net/tcp", "/proc/net/tcp6"]) { state in state == "0A" }
    }

    private static func isPortBound(
        _ port: UInt16, _ paths: [String], inState isRight: (Substring) -> Bool
    ) -> Bool {
        let hexadecimal = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
        return paths.contains { path in
            text(path).split(separator: "\n").dropFirst().contains { line in
                let fields = line.split(separator: " ", maxSplits: 4)
                return fields.count > 3 && fields[1].hasSuffix(suffix) && isRight(fields[3])
            }
        }
    }

    package static var processorName: String {
        for line in text("/proc/cpuinfo").split(separator: "\n") where line.hasPrefix("model name") {
            return String(line.drop { $0 != ":" }.dropFirst(2))
        }
        return "unknown processor"
    }

    /// Its first two numbers, such as 6.18.
    package static var kernelRelease: String {
        text("/proc/sys/kernel/osrelease").prefix { $0 != "\n" }.split(separator: ".").prefix(2).joined(separator: ".")
    }
}
