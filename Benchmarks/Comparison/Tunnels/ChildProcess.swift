import Glibc

/// A program started by this one, with its output in a file.
struct ChildProcess: Sendable {
    let identifier: pid_t
    private let processorClock: clockid_t

    init(_ path: String, _ arguments: [String], log: String) throws(BenchmarkError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var strings = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, path, &actions, nil, &strings, environ)
        guard code == 0 else { throw .system(path, code) }
        self.identifier = identifier

        var clock = clockid_t()
        clock_getcpuclockid(identifier, &clock)
        processorClock = clock
    }

    /// User and system time of all its threads, those that have ended included: utime + stime of
    /// /proc/PID/stat, but in nanoseconds instead of ticks.
    var processorTime: Nanoseconds { .reading(processorClock) }

    /// Ended, though its exit code has not been fetched yet.
    var hasEnded: Bool {
        let text = SystemFiles.text("/proc/\(identifier)/stat")
        guard let close = text.lastIndex(of: ")") else { return true }
        return text[close...].dropFirst(2).first == "Z"
    }

    func kill() {
        Glibc.kill(identifier, SIGKILL)
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    }
}
