#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The terminal that a program was started at by hand. When it is closed it sends SIGHUP, too, and then nobody is left
/// whom the program would work for.
struct ControllingTerminal: Sendable {
    private let wasThere = isatty(2) == 1

    /// Whether it has been closed since.
    var isGone: Bool { self.wasThere && isatty(2) == 0 }
}
