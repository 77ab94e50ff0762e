import Testing

@testable import TunnelCommand

@Suite struct MachineMemoryTests {
    private static let installed = 8 << 30

    private static func memory(_ files: [String: String]) -> MachineMemory {
        MachineMemory(installedByteCount: Self.installed) { files[$0] }
    }

    @Test func `without control groups it is the machine's`() {
        #expect(Self.memory([:]).byteCount == Self.installed)
        #expect(Self.memory([:]).defaultLimit == Self.installed / 4)
    }

    @Test func `the least limit of all groups that the program is in counts`() {
        let files = [
            "/proc/self/cgroup": "0::/system.slice/kcptun.service\n", "/sys/fs/cgroup/memory.max": "max\n",
            "/sys/fs/cgroup/system.slice/memory.max": "1073741824\n",
            "/sys/fs/cgroup/system.slice/kcptun.service/memory.max": "2147483648\n",
        ]
        #expect(Self.memory(files).byteCount == 1 << 30)
    }

    @Test func `a container sees its group as the root`() {
        let files = ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "268435456\n"]
        #expect(Self.memory(files).byteCount == 256 << 20)
        #expect(Self.memory(files).defaultLimit == 64 << 20)
    }

    @Test func `the first version of control groups has a hierarchy for memory`() {
        let files = [
            "/proc/self/cgroup": "12:cpu,cpuacct:/a\n5:memory:/docker/x\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes": "536870912\n",
        ]
        #expect(Self.memory(files).byteCount == 512 << 20)
    }

    @Test(arguments: ["", "nonsense", "0::", "1:memory", "0::/a:b"])
    func `what cannot be understood limits nothing`(text: String) {
        #expect(Self.memory(["/proc/self/cgroup": text]).byteCount == Self.installed)
    }

    @Test func `this machine has some`() { #expect(MachineMemory().defaultLimit >= MemoryOptions.leastByteCount) }
}
