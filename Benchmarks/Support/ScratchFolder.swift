import Glibc

/// Folders for the logs of what is measured.
package enum ScratchFolder {
    /// A new one, whose path begins with /tmp/NAME.
    package static func make(_ name: String) throws(BenchmarkError) -> String {
        var template = Array("/tmp/\(name)-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw .system("mkdtemp", errno) }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
