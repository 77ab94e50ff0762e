import Glibc

/// Progress and complaints, on standard error.
package enum Console {
    package static func say(_ text: String) {
        _ = unsafe (text + "\n").utf8CString.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count - 1) }
    }
}
