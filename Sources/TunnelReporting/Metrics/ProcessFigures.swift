#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// What the process uses.
package struct ProcessFigures: Hashable, Sendable {
    package var processorSeconds: Double
    /// What the system does not tell is `nil`.
    package var residentByteCount: Int?
    package var openDescriptorCount: Int?
    package var descriptorLimit: Int?

    package init(
        processorSeconds: Double, residentByteCount: Int? = nil, openDescriptorCount: Int? = nil,
        descriptorLimit: Int? = nil
    ) {
        self.processorSeconds = processorSeconds
        self.residentByteCount = residentByteCount
        self.openDescriptorCount = openDescriptorCount
        self.descriptorLimit = descriptorLimit
    }

    /// Of this process, now.
    package static var current: ProcessFigures {
        ProcessFigures(
            processorSeconds: Self.processorTime, residentByteCount: Self.residentMemory,
            openDescriptorCount: Self.openDescriptors, descriptorLimit: Self.limitOfDescriptors)
    }

    private static var processorTime: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    #if canImport(Glibc)
        private static let descriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let descriptors = RLIMIT_NOFILE
    #endif

    private static var limitOfDescriptors: Int? {
        var limit = rlimit()
        guard unsafe getrlimit(Self.descriptors, &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }

    /// The second number of `/proc/self/statm`, in pages.
    private static var residentMemory: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static var openDescriptors: Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
