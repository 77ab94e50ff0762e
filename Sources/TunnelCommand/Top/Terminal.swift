import Dispatch

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// What somebody at the terminal wants, or what happens to it.
enum TerminalEvent: Hashable, Sendable {
    /// q, Ctrl-C, or a signal to end.
    case quit
    /// Move by so many lines; a page is a large number.
    case move(Int)
    case resized
}

/// The terminal of this process, used as a whole: alternate screen, keys one by one.
final class Terminal {
    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let sources: [any DispatchSourceProtocol]
    private let oldSettings: termios

    private static let input: Int32 = 0
    private static let output: Int32 = 1
    private static let endSignals = [SIGINT, SIGTERM, SIGHUP]
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave = "\u{1B}[?25h\u{1B}[?1049l"

    /// The terminal, ready for use; `nil` if input or output is something else.
    static var standard: Terminal? {
        guard isatty(Self.input) == 1, isatty(Self.output) == 1 else { return nil }
        var settings = termios()
        guard unsafe tcgetattr(Self.input, &settings) == 0 else { return nil }
        return Terminal(settings)
    }

    private init(_ settings: termios) {
        self.oldSettings = settings
        (self.events, self.continuation) = AsyncStream.makeStream(of: TerminalEvent.self)
        self.sources = [Self.keySource(self.continuation)] + Self.signalSources(self.continuation)
        var raw = settings
        // Keys come one by one and are not shown; Ctrl-C is a key.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        unsafe tcsetattr(Self.input, TCSANOW, &raw)
        Self.write(Self.enter)
        for source in self.sources { source.resume() }
    }

    /// Gives the terminal back as it was.
    func close() {
        for source in self.sources { source.cancel() }
        self.continuation.finish()
        Self.write(Self.leave)
        var settings = self.oldSettings
        unsafe tcsetattr(Self.input, TCSANOW, &settings)
    }

    /// How many columns and rows there are now.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(Self.output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Replaces what the screen shows, in one write so that it does not flicker.
    func show(_ lines: [StyledLine], columns: Int) {
        let text = lines.map { "\($0.text(columns: columns))\u{1B}[K" }.joined(separator: "\r\n")
        Self.write("\u{1B}[H\(text)\u{1B}[J")
    }

    private static func write(_ text: String) { _ = SystemFile.write(Array(text.utf8), to: Self.output) }

    // MARK: Events

    private static func keySource(
        _ continuation: AsyncStream<TerminalEvent>.Continuation
    ) -> any DispatchSourceProtocol {
        let source = DispatchSource.makeReadSource(fileDescriptor: Self.input, queue: .global())
        source.setEventHandler {
            let bytes = SystemFile.readAvailable(Self.input)
            // The terminal is gone.
            if bytes.isEmpty { continuation.yield(.quit) }
            for event in TerminalKeys.events(bytes) { continuation.yield(event) }
        }
        return source
    }

    private static func signalSources(
        _ continuation: AsyncStream<TerminalEvent>.Continuation
    ) -> [any DispatchSourceProtocol] {
        ((Self.endSignals.map { ($0, .quit) }) + [(SIGWINCH, .resized)]).map { (number, event: TerminalEvent) in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(event) }
            return source
        }
    }
}
