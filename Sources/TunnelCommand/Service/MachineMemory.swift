#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// How much memory the program may use: the machine's, or what its control groups, such as a container's or a service's,
/// leave it of that.
struct MachineMemory {
    private let readFile: (_ path: String) -> String?
    private let installedByteCount: Int

    /// The machine that we run on.
    init() {
        self.init(installedByteCount: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))) { path in
            (try? SystemFile.read(path)).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// - Parameter readFile: gives a file's text; `nil` if there is no such file.
    init(installedByteCount: Int, readFile: @escaping (_ path: String) -> String?) {
        self.installedByteCount = installedByteCount
        self.readFile = readFile
    }

    /// What sessions may hold if the operator has not said it: enough is left for the programs that the tunnel serves.
    var defaultLimit: Int { max(self.byteCount / 4, MemoryOptions.leastByteCount) }

    /// What the program may use.
    var byteCount: Int { self.groupLimits.reduce(self.installedByteCount, min) }

    /// Those of all groups that the program is in; a group's limit counts for the groups in it, too.
    private var groupLimits: [Int] {
        let lines = self.readFile("/proc/self/cgroup")?.split(separator: "\n") ?? []
        return lines.flatMap { line -> [Int] in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            if fields[1].isEmpty { return self.limits(below: "/sys/fs/cgroup", fields[2], in: "memory.max") }
            guard fields[1].split(separator: ",").contains("memory") else { return [] }
            return self.limits(below: "/sys/fs/cgroup/memory", fields[2], in: "memory.limit_in_bytes")
        }
    }

    /// The numbers in the files called `name` in the folder `root`, and in those on the way from there to `group`.
    private func limits(below root: String, _ group: Substring, in name: String) -> [Int] {
        var folders = [root]
        for part in group.split(separator: "/") { folders.append("\(folders[folders.count - 1])/\(part)") }
        return folders.compactMap { self.readFile("\($0)/\(name)").flatMap { Int($0.prefix { $0.isNumber }) } }
    }
}
