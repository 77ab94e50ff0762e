package import Glibc

/// A program started by this one, with its output in a file.
package struct ChildProcess: Sendable {
    package let identifier: pid_t
    private let processorClock: clockid_t

    package init(_ path: String, _ arguments: [String], log: String) throws(BenchmarkError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var strings = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe strings.forEach { unsafe free($0) } }
        var identifier = pid_t()
        let code = unsafe posix_spawn(&identifier, path, &actions, nil, &strings, environ)
        guard code == 0 else { throw .system(path, code) }
        self.identifier = identifier

        var clock = clockid_t()
        unsafe clock_getcpuclockid(identifier, &clock)
        processorClock = clock
    }

    /// User and system time of all its threads, those that have ended included: utime + stime of
    /// /proc/PID/stat, but in nanoseconds instead of ticks.
    package var processorTime: Nanoseconds { .reading(processorClock) }

    /// Ended, though its exit code has not been fetched yet.
    package var hasEnded: Bool {
        let text = SystemFiles.text("/proc/\(identifier)/stat")
        guard let close = text.lastIndex(of: ")") else { return true }
        return text[close...].dropFirst(2).first == "Z"
    }

    package func kill() {
        Glibc.kill(identifier, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    }
}
