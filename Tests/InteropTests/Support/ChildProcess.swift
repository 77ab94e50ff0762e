import Foundation

/// A program that a test has started. It is ended with the object at the latest.
final class ChildProcess: @unchecked Sendable {
    /// How a program ended.
    enum Ending: Equatable, CustomStringConvertible {
        case exit(Int32)
        case signal(Int32)

        fileprivate init(status: Int32) {
            let signal = status & 0x7F
            self = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
        }

        var description: String {
            switch self {
            case .exit(let code): "exit code \(code)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    let commandLine: [String]
    let processIdentifier: pid_t
    private let folder: URL
    private let lock = NSLock()
    private var ending: Ending?

    /// Starts `path` with standard output and error going to files of a fresh folder.
    init(path: String, arguments: [String], environment: [String: String] = [:]) throws {
        self.commandLine = [path] + arguments
        self.folder = FileManager.default.temporaryDirectory.appending(path: "kcptun-interop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        self.processIdentifier = try Self.spawn(self.commandLine, variables, logFolder: self.folder)
    }

    deinit {
        self.end()
        try? FileManager.default.removeItem(at: self.folder)
    }

    var standardOutput: String { self.text("out") }
    var standardError: String { self.text("err") }

    private func text(_ name: String) -> String {
        (try? Data(contentsOf: self.folder.appending(path: name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The last lines of what the program has said, for the report of a failed test.
    var report: String {
        let lines = (self.standardOutput + self.standardError).split(separator: "\n").suffix(40)
        let state = self.endingIfEnded.map { "ended with \($0)" } ?? "running"
        return (["$ \(self.commandLine.joined(separator: " "))   (\(state))"] + lines).joined(separator: "\n  ")
    }

    // MARK: Waiting

    /// Waits until one of the texts appears in the log (ready for use); throws if the program ends or time is up.
    func waitForLog(_ texts: [String], seconds: Double = 20) throws {
        var hasEnded = false
        let found = waitUntil(Deadline(seconds: seconds)) {
            hasEnded = self.endingIfEnded != nil
            let log = self.standardError + self.standardOutput
            return hasEnded || texts.contains { log.contains($0) }
        }
        if hasEnded || !found { throw Failure("the program did not get ready:\n\(self.report)") }
    }

    /// Waits until the program ends by itself.
    func waitForEnd(seconds: Double = 20) throws -> Ending {
        guard waitUntil(Deadline(seconds: seconds), { self.endingIfEnded != nil }), let ending = self.endingIfEnded
        else { throw Failure("the program should have ended, but is running:\n\(self.report)") }
        return ending
    }

    /// How the program ended; `nil` while it runs.
    var endingIfEnded: Ending? {
        self.lock.withLock {
            if self.ending == nil {
                var status: Int32 = 0
                if waitpid(self.processIdentifier, &status, WNOHANG) == self.processIdentifier {
                    self.ending = Ending(status: status)
                }
            }
            return self.ending
        }
    }

    /// Asks the program to end, and makes it end when it does not.
    @discardableResult
    func end() -> Ending? {
        guard self.endingIfEnded == nil else { return self.endingIfEnded }
        self.send(SIGTERM)
        if !waitUntil(Deadline(seconds: 5), { self.endingIfEnded != nil }) {
            self.send(SIGKILL)
            _ = waitUntil(Deadline(seconds: 5)) { self.endingIfEnded != nil }
        }
        return self.endingIfEnded
    }

    func send(_ signal: Int32) {
        self.lock.withLock { if self.ending == nil { kill(self.processIdentifier, signal) } }
    }

    // MARK: What the program uses (Linux)

    var openDescriptorCount: Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(self.processIdentifier)/fd").count
    }

    /// Resident memory, KiB.
    var residentKilobyteCount: Int? {
        let status = try? String(contentsOfFile: "/proc/\(self.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropLast().last.flatMap { Int($0) }
    }

    // MARK: Starting

    /// Held while a child is made: until it is the other program it has all sockets of this process, and the ports of
    /// those that are closed meanwhile stay taken.
    static let starting = NSLock()

    #if !canImport(Darwin)
        private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

        /// `posix_spawn_file_actions_addclosefrom_np` of glibc 2.34, which is not imported.
        private static func closeFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32) {
            let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
            guard let symbol else { return }
            _ = unsafeBitCast(symbol, to: CloseFrom.self)(actions, first)
        }
    #endif

    private static func spawn(_ commandLine: [String], _ variables: [String], logFolder: URL) throws -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        let writing = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logFolder.appending(path: "out").path(), writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, logFolder.appending(path: "err").path(), writing, 0o600)
        // The sockets of this process are not the child's: it would keep connections open.
        var flags = POSIX_SPAWN_SETSIGMASK
        #if canImport(Darwin)
            flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            Self.closeFrom(&actions, 3)
        #endif
        // This thread may block signals, which the child would go on with.
        var blockedSignals = sigset_t()
        sigemptyset(&blockedSignals)
        posix_spawnattr_setsigmask(&attributes, &blockedSignals)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var identifier: pid_t = 0
        let arguments = commandLine.map { strdup($0) } + [nil]
        let environment = variables.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        let result = Self.starting.withLock {
            posix_spawn(&identifier, commandLine[0], &actions, &attributes, arguments, environment)
        }
        guard result == 0 else { throw Failure("\(commandLine[0]): \(String(cString: strerror(result)))") }
        return identifier
    }
}
