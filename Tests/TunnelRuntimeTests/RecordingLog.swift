import Logging
import Synchronization

@testable import TunnelRuntime

/// A log whose lines can be looked at.
final class RecordingLog: LogHandler, Sendable {
    private let said = Mutex<[String]>([])

    var lines: [String] { self.said.withLock { $0 } }

    var hostLog: HostLog {
        let logger = Logger(label: "test", factory: { _ in self })
        return HostLog(general: logger, streams: logger)
    }

    func log(event: LogEvent) { self.said.withLock { $0.append("\(event.message)") } }

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
