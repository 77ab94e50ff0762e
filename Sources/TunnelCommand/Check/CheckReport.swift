import TunnelCore

#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

/// What checking a configuration has come to.
struct CheckReport: Sendable {
    let programName: String
    let role: String
    let configurationPath: String?
    /// Empty if there is a problem.
    private(set) var settings: [EffectiveSetting] = []
    private(set) var warnings: [String] = []
    /// What keeps the program from starting.
    private(set) var problems: [String] = []
    private(set) var exitStatus = ExitStatus.success

    init<P: Program>(_ program: P.Type, _ arguments: [String], environment: [String: String]) {
        self.programName = P.Options.programName
        self.role = P.Options.role == .client ? "client" : "server"
        let reader = OptionReader<P.Options>(environment: environment)
        self.configurationPath = reader.configurationPath(arguments)
        do {
            guard case .run(let loaded) = try reader.read(arguments) else { return }
            self.take(try ProgramState<P>(loaded))
        } catch {
            self.problems = "\(error)".split(separator: "\n").map(String.init)
            self.exitStatus = (error as? any OperatorError)?.exitStatus ?? ExitStatus.failure
        }
    }

    private mutating func take<P>(_ state: ProgramState<P>) {
        self.settings = state.effective.all
        self.warnings = state.settings.warnings.map { "\($0)" } + state.loaded.doubts
    }

    // MARK: Text

    func print(withSettings: Bool) {
        for problem in self.problems { StandardError.print(problem) }
        guard self.problems.isEmpty else { return }
        if withSettings { Swift.print(self.text) }
        for warning in self.warnings { Swift.print("warning: \(warning)") }
    }

    /// A line for each setting.
    var text: String {
        let rows = self.settings.map { [$0.flag.name, $0.shownValue, $0.origin.description] }
        let widths = (0...1).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { "\(Self.padded($0[0], widths[0]))  \(Self.padded($0[1], widths[1]))  \($0[2])" }
        let source = self.configurationPath.map { " with \($0)" } ?? ""
        return (["\(self.programName)\(source):"] + lines).joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    // MARK: JSON

    private struct Document: Encodable {
        struct Setting: Encodable {
            /// Absent if it is secret.
            let value: FlagValue?
            let origin: String
        }

        let role: String
        let valid: Bool
        let problems: [String]
        let warnings: [String]
        let settings: [String: Setting]
    }

    /// One object, keys in alphabetical order.
    var document: String {
        let settings = self.settings.map {
            ($0.flag.name, Document.Setting(value: $0.flag.isSecret ? nil : $0.value, origin: $0.origin.description))
        }
        let document = Document(
            role: self.role, valid: self.problems.isEmpty, problems: self.problems, warnings: self.warnings,
            settings: Dictionary(uniqueKeysWithValues: settings))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(document) else { preconditionFailure("text and numbers can be encoded") }
        return String(decoding: data, as: UTF8.self)
    }
}

extension EffectiveSetting {
    fileprivate var shownValue: String {
        if self.flag.isSecret { return "(not shown)" }
        return self.value == .text("") ? "\"\"" : "\(self.value)"
    }
}

extension FlagValue: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .boolean(let isOn): try container.encode(isOn)
        case .integer(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}
