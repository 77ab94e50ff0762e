#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// What systemd tells the programs that it starts.
package struct ServiceEnvironment: Hashable, Sendable {
    /// Where states are to be sent (`sd_notify(3)`); `nil` if nobody asks for them.
    package var notifySocket: String?
    /// How often the program has to show that it is alive; `nil` if nobody asks for it.
    package var watchdogMicroseconds: Int?
    /// Device and inode of the connection to the journal.
    package var journalStream: String?

    /// Reads the variables. A watchdog may be meant for another process (`WATCHDOG_PID`).
    package init(processIdentifier: Int32, _ variable: (String) -> String?) {
        self.notifySocket = variable("NOTIFY_SOCKET").flatMap { $0.isEmpty ? nil : $0 }
        self.journalStream = variable("JOURNAL_STREAM")
        let owner = variable("WATCHDOG_PID")
        if owner == nil || owner == String(processIdentifier) {
            self.watchdogMicroseconds = variable("WATCHDOG_USEC").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        }
    }

    /// This process'.
    static let current = ServiceEnvironment(processIdentifier: getpid()) { name in
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
