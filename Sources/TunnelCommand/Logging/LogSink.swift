private import Synchronization

/// Where the lines of the log go. Safe to use from several threads; a line is one write.
package final class LogSink: Sendable {
    private let descriptor: Mutex<Int32>
    private let closesDescriptor: Bool

    /// Stays open.
    package static let standardError = LogSink(descriptor: 2, closesDescriptor: false)

    private init(descriptor: Int32, closesDescriptor: Bool) {
        self.descriptor = Mutex(descriptor)
        self.closesDescriptor = closesDescriptor
    }

    /// Appends to a file, which is made if need be.
    package convenience init(appendingTo path: String) throws(LogFileError) {
        do {
            self.init(descriptor: try SystemFile.openForAppending(path), closesDescriptor: true)
        } catch {
            throw LogFileError(error)
        }
    }

    /// Standard error for an empty path, otherwise the file.
    package static func sink(path: String) throws(LogFileError) -> LogSink {
        path.isEmpty ? .standardError : try LogSink(appendingTo: path)
    }

    /// Writes a line. A log that cannot be written is no reason to stop.
    package func write(line: String) {
        let bytes = Array((line + "\n").utf8)
        self.descriptor.withLock { _ = SystemFile.write(bytes, to: $0) }
    }

    deinit {
        if self.closesDescriptor { self.descriptor.withLock { SystemFile.closeDescriptor($0) } }
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
