#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many file descriptors the process may have. Each connection takes one at each end.
package enum DescriptorLimit {
    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif

    /// How many may be open; `nil` if the system does not tell.
    static var current: Int? {
        var limit = rlimit()
        return unsafe getrlimit(Self.resource, &limit) == 0 ? Int(clamping: limit.rlim_cur) : nil
    }

    /// Raises the limit to what the process may have without asking, as the original's runtime does: the lower one is
    /// for programs that cannot count any further. It stays where the system refuses.
    package static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(Self.resource, &limit) == 0 else { return }
        #if canImport(Darwin)
            limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
        #else
            limit.rlim_cur = limit.rlim_max
        #endif
        _ = unsafe setrlimit(Self.resource, &limit)
    }

    /// Says what to change if `error` comes from a lack of descriptors; `nil` if it does not.
    static func explanation(of error: any Error) -> String? {
        switch ErrorText.number(of: error) {
        case EMFILE:
            let count = Self.current.map { " (\($0) may be open)" } ?? ""
            return "the program has no file descriptors left\(count): raise its limit, with ulimit -Hn or LimitNOFILE="
                + " in a systemd unit"
        case ENFILE: return "the machine has no file descriptors left: raise its limit, with sysctl fs.file-max"
        default: return nil
        }
    }
}

extension HostLog {
    /// A connection could not be accepted.
    func noteFailedAccept(_ error: any Error) {
        guard let explanation = DescriptorLimit.explanation(of: error) else { return }
        self.shed("accept", now: LoopContext.clock, "connections have to wait: \(explanation)")
    }
}
