import Logging
import Synchronization

@testable import TunnelRuntime

/// A log whose lines can be looked at.
final class RecordingLog: LogHandler, Sendable {
    private let said = Mutex<[String]>([])
    private let react: @Sendable (String) -> Void

    /// - Parameter react: called with each line, on the thread that says it.
    init(react: @escaping @Sendable (String) -> Void = { _ in }) { self.react = react }

    var lines: [String] { self.said.withLock { $0 } }

    var hostLog: HostLog {
        let logger = Logger(label: "test", factory: { _ in self })
        return HostLog(general: logger, streams: logger)
    }

    func log(event: LogEvent) {
        let line = "\(event.message)"
        self.said.withLock { $0.append(line) }
        self.react(line)
    }

    // What a handler has to have besides.
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
