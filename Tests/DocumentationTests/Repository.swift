import Foundation
import TunnelCommand

/// The files of this repository that are not compiled.
enum Repository {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: self.folder.appending(path: path), encoding: .utf8)
    }

    /// All files below a folder whose names end like that, as paths from the repository's root.
    static func files(below folder: String, suffix: String) -> [String] {
        let names = FileManager.default.enumerator(
            atPath: self.folder.appending(path: folder).path(percentEncoded: false))
        return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(suffix) && !$0.contains(".build/") }
            .map { "\(folder)/\($0)" }.sorted()
    }
}

/// The two programs.
enum TunnelProgram: String, CaseIterable, Sendable {
    case client = "kcptun-client"
    case server = "kcptun-server"

    var flags: [CommandLineFlag] {
        self == .client ? FlagTable(of: ClientOptions.self).flags : FlagTable(of: ServerOptions.self).flags
    }

    /// The flags that the help shows.
    var shownFlags: [CommandLineFlag] {
        self.flags.filter { !["acknodelay", "nodelay", "interval", "resend", "nc"].contains($0.name) }
    }

    var name: GenerateCommand.ProgramName { self == .client ? .client : .server }
}

/// A tool of this machine, run to its end.
enum Tool {
    static func isInstalled(_ name: String) -> Bool { self.path(of: name) != nil }

    private static func path(of name: String) -> String? {
        ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs the tool with a text on its standard input; returns what it prints and its exit status.
    static func run(_ name: String, _ arguments: [String], input: String = "") throws -> (output: String, status: Int32)
    {
        let process = Process()
        process.executableURL = URL(filePath: self.path(of: name) ?? name)
        process.arguments = arguments
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = standardOutput
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: output, as: UTF8.self), process.terminationStatus)
    }
}
