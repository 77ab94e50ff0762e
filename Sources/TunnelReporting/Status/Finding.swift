/// Something that is wrong, or could be better, in words.
package struct Finding: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, Hashable, Sendable, Comparable {
        /// Data is held up or lost.
        case problem
        /// It works, but not as well as it could.
        case notice

        package static func < (left: Severity, right: Severity) -> Bool { left == .problem && right == .notice }
    }

    package var severity: Severity
    /// The session that it is about (`SessionStatus.name`); absent if it is about the program.
    package var session: String?
    /// What is the matter, in a sentence.
    package var text: String
    /// What to do about it.
    package var advice: String

    package init(_ severity: Severity, session: String? = nil, _ text: String, advice: String) {
        self.severity = severity
        self.session = session
        self.text = text
        self.advice = advice
    }
}
