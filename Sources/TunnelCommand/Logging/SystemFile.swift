#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// A call about a file that failed.
package struct FileError: Error, Hashable, CustomStringConvertible {
    package var operation: String
    package var path: String
    /// `errno` of the call.
    package var code: Int32

    package init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// The system's words for it.
    package var reason: String { unsafe String(cString: strerror(self.code)) }

    /// As Go puts it.
    package var description: String { "\(self.operation) \(self.path): \(self.reason)" }
}

/// The few file operations that are needed here, without Foundation.
package enum SystemFile {
    /// The whole file.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Self.readOnce(descriptor, $0) }
            guard count >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
        }
    }

    /// A descriptor that appends; the file is made if need be, with mode 0666 less the umask.
    static func openForAppending(_ path: String) throws(FileError) -> Int32 {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
        return descriptor
    }

    /// Whether nothing has been written to the file yet.
    static func isEmpty(_ descriptor: Int32) -> Bool {
        lseek(descriptor, 0, SEEK_END) == 0
    }

    static func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

    /// What one call gives, at most some hundred bytes; nothing at the end of the file or if the call fails.
    static func readAvailable(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Self.readOnce(descriptor, $0) }
        return Array(bytes.prefix(max(0, count)))
    }

    /// Writes everything, with one call unless the system takes less; returns `errno` if it fails.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Self.writeOnce(descriptor, $0) }
            guard count > 0 else { return errno }
            rest.removeFirst(count)
        }
        return nil
    }

    private static func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        repeat {
            count = unsafe systemRead(descriptor, buffer.baseAddress, buffer.count)
        } while count < 0 && errno == EINTR
        return count
    }

    private static func writeOnce(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        var count = 0
        repeat {
            count = unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
        } while count < 0 && errno == EINTR
        return count
    }
}

/// Outside of the type, whose own `read` and `write` would hide the system's.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, buffer, count)
}
