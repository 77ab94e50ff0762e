/// The values of `--log-format`.
package enum LogFormat: String, CaseIterable, Sendable {
    case text, json

    static var nameList: [String] { Self.allCases.map(\.rawValue) }

    /// How lines look; the journal adds the time by itself and wants to know the priority.
    package func formatter(forJournal isJournal: Bool) -> any LogFormatter {
        switch (self, isJournal) {
        case (.text, false): TextLogFormatter()
        case (.json, false): JSONLogFormatter()
        case (.text, true): JournalLogFormatter(MessageLogFormatter())
        case (.json, true): JournalLogFormatter(JSONLogFormatter())
        }
    }
}
