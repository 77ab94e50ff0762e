#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Where the demo shows what it does: a terminal, where the status line is rewritten in place, or anything else,
/// which gets a line a second.
struct DemoDisplay: Sendable {
    private let descriptor: Int32
    private let isTerminal: Bool

    static let standardOutput = DemoDisplay(descriptor: 1)
    static let standardError = DemoDisplay(descriptor: 2)

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        self.isTerminal = isatty(descriptor) == 1
    }

    /// Between two status lines.
    var interval: Duration { self.isTerminal ? .milliseconds(200) : .seconds(1) }

    func show(_ text: String) { self.write(text + "\n") }

    /// Shows the status; on a terminal it replaces the one before. What does not fit is cut off there (autowrap off).
    func showStatus(_ text: String) {
        self.write(self.isTerminal ? "\r\u{1B}[?7l\(text)\u{1B}[K\u{1B}[?7h" : text + "\n")
    }

    /// Leaves the last status where it is.
    func endStatus() {
        if self.isTerminal { self.write("\n") }
    }

    private func write(_ text: String) { _ = SystemFile.write(Array(text.utf8), to: self.descriptor) }
}
