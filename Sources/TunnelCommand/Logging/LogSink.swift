private import Synchronization

/// Where the lines of the log go. Safe to use from several threads; a line is one write.
package final class LogSink: Sendable {
    private let descriptor: Mutex<Int32>
    /// `nil` for a descriptor that is not ours, which stays open.
    private let path: String?

    package static let standardError = LogSink(descriptor: 2, path: nil)

    private init(descriptor: Int32, path: String?) {
        self.descriptor = Mutex(descriptor)
        self.path = path
    }

    /// Appends to a file, which is made if need be.
    package convenience init(appendingTo path: String) throws(LogFileError) {
        self.init(descriptor: try Self.open(path), path: path)
    }

    /// Standard error for an empty path, otherwise the file.
    package static func sink(path: String) throws(LogFileError) -> LogSink {
        path.isEmpty ? .standardError : try LogSink(appendingTo: path)
    }

    private static func open(_ path: String) throws(LogFileError) -> Int32 {
        do {
            return try SystemFile.openForAppending(path)
        } catch {
            throw LogFileError(error)
        }
    }

    /// Goes on with whatever file has the path now: the one in use may have been moved away.
    package func reopen() throws(LogFileError) {
        guard let path else { return }
        var fresh = try Self.open(path)
        self.descriptor.withLock { swap(&$0, &fresh) }
        SystemFile.closeDescriptor(fresh)
    }

    /// Writes a line. A log that cannot be written is no reason to stop.
    package func write(line: String) {
        let bytes = Array((line + "\n").utf8)
        self.descriptor.withLock { _ = SystemFile.write(bytes, to: $0) }
    }

    deinit {
        if self.path != nil { self.descriptor.withLock { SystemFile.closeDescriptor($0) } }
    }
}

/// The file of `--log` cannot be opened.
package struct LogFileError: OperatorError, Hashable {
    package var file: FileError

    package init(_ file: FileError) { self.file = file }

    package var exitStatus: Int32 { ExitStatus.configuration }

    package var description: String {
        "--log \(self.file.path) cannot be opened: \(self.file.reason)"
    }
}
