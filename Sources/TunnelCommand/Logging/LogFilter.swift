package import Logging
private import Synchronization

/// Which lines the log shows. All loggers of a program share one, so that a reload changes them everywhere at once.
package final class LogFilter: Sendable {
    private let levelIndex: Atomic<Int>
    private let quiet: Atomic<Bool>

    package init(level: Logger.Level = .info, isQuiet: Bool = false) {
        self.levelIndex = Atomic(Self.index(of: level))
        self.quiet = Atomic(isQuiet)
    }

    /// The least severe level that is shown.
    package var level: Logger.Level {
        get { Logger.Level.allCases[self.levelIndex.load(ordering: .relaxed)] }
        set { self.levelIndex.store(Self.index(of: newValue), ordering: .relaxed) }
    }

    /// Whether lines about single streams are left out.
    package var isQuiet: Bool {
        get { self.quiet.load(ordering: .relaxed) }
        set { self.quiet.store(newValue, ordering: .relaxed) }
    }

    /// The least severe level of lines about single streams that is shown. They are of level debug, but the original
    /// shows them unless it is told `quiet` (protocol 06 §6); so they are shown at the level info too.
    var streamLevel: Logger.Level {
        if self.isQuiet { return .critical }
        let level = self.level
        return level <= .info ? min(level, .debug) : level
    }

    private static func index(of level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }
}

/// The values of `--log-level`.
package enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, warning, error

    package var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }

    static var nameList: [String] { Self.allCases.map(\.rawValue) }
}
