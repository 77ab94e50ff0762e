import ArgumentParser

/// What a command line asks for.
package enum CommandRequest<Options: TunnelOptions>: Sendable {
    case run(LoadedOptions<Options>)
    case help
    case version
}

/// A program's options from all their sources.
package struct LoadedOptions<Options: TunnelOptions>: Sendable {
    package var options: Options
    /// The same in the spelling of our own parser, for a command that wants to parse them itself.
    package var arguments: [String]
    /// What somebody has set, each flag once.
    package var settings: [FlagSetting]
    /// Keys of the configuration file that this program does not have.
    package var unknownKeys: [String]
    /// Words behind the flags, which had no effect.
    package var ignoredWords: [String]

    /// The file that options have been read from; `nil` if there was none.
    package var configurationPath: String? {
        self.settings.text(of: "c").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What the operator has given without effect, in lines for the log.
    var doubts: [String] {
        var lines: [String] = []
        if !self.unknownKeys.isEmpty {
            lines.append("ignoring unknown keys in the configuration file: \(self.unknownKeys.joined(separator: ", "))")
        }
        if !self.ignoredWords.isEmpty {
            lines.append(
                "ignoring \(self.ignoredWords.joined(separator: " ")): not a flag, and nothing is read behind it")
        }
        return lines
    }
}

/// Why options could not be read.
package enum OptionError: OperatorError {
    case usage(UsageError)
    case configurationFile(ConfigurationFileError)
    case plugin(PluginEnvironmentError)
    /// Our own parser refused what the spelling rules let through.
    case parser(String)

    package var exitStatus: Int32 {
        switch self {
        case .usage(let error): error.exitStatus
        case .configurationFile(let error): error.exitStatus
        case .plugin(let error): error.exitStatus
        case .parser: ExitStatus.usage
        }
    }

    package var description: String {
        switch self {
        case .usage(let error): error.description
        case .configurationFile(let error): error.description
        case .plugin(let error): error.description
        case .parser(let message): message
        }
    }
}

/// Reads a program's options: built-in defaults, then the environment, then the command line, then the configuration
/// file (protocol 06 §2), then what a shadowsocks program says to its plugin; what comes later counts.
package struct OptionReader<Options: TunnelOptions>: Sendable {
    /// The environment variable for the key.
    package static var keyVariable: String { "KCPTUN_KEY" }

    private let table = FlagTable(of: Options.self)
    private let environment: [String: String]
    private let readFile: @Sendable (_ path: String) throws(FileError) -> [UInt8]

    /// `readFile` is how the configuration file is got.
    package init(
        environment: [String: String],
        readFile: @escaping @Sendable (_ path: String) throws(FileError) -> [UInt8] = { path throws(FileError) in
            try SystemFile.read(path)
        }
    ) {
        self.environment = environment
        self.readFile = readFile
    }

    /// Reads the arguments, without the program's name.
    package func read(_ arguments: [String]) throws(OptionError) -> CommandRequest<Options> {
        let invocation: GoSpelling.Invocation
        do {
            invocation = try GoSpelling(table: self.table).read(arguments)
        } catch {
            throw .usage(error)
        }
        switch invocation.request {
        case .help: return .help
        case .version: return .version
        case .run: return .run(try self.load(invocation))
        }
    }

    /// The configuration file that the arguments name, whatever else is wrong with them; `nil` if they name none.
    func configurationPath(_ arguments: [String]) -> String? {
        let path = (try? GoSpelling(table: self.table).read(arguments))?.settings.text(of: "c") ?? ""
        return path.isEmpty ? nil : path
    }

    private func load(_ invocation: GoSpelling.Invocation) throws(OptionError) -> LoadedOptions<Options> {
        var settings = self.environmentSettings + invocation.settings
        let pluginSettings = try self.pluginSettings
        var unknownKeys: [String] = []
        if let path = (settings + pluginSettings).text(of: "c"), !path.isEmpty {
            let file = try self.configurationFile(path)
            settings += file.settings
            unknownKeys = file.unknownKeys
        }
        settings += pluginSettings
        let arguments = settings.arguments
        return LoadedOptions(
            options: try Self.parse(arguments), arguments: arguments, settings: settings.effective,
            unknownKeys: unknownKeys, ignoredWords: invocation.ignoredWords)
    }

    /// An empty variable is an empty key, as in the original.
    private var environmentSettings: [FlagSetting] {
        guard let key = self.environment[Self.keyVariable], let flag = self.table["key"] else { return [] }
        return [FlagSetting(flag: flag, value: .text(key), origin: .environment)]
    }

    private var pluginSettings: [FlagSetting] {
        get throws(OptionError) {
            do {
                let settings = try PluginEnvironment(self.environment)?.settings(Options.role, self.table) ?? []
                return settings.map { FlagSetting(flag: $0.flag, value: $0.value, origin: .plugin) }
            } catch {
                throw .plugin(error)
            }
        }
    }

    private func configurationFile(_ path: String) throws(OptionError) -> ConfigurationFile {
        do {
            return try ConfigurationFile(try self.bytes(of: path), path: path, table: self.table)
        } catch {
            throw .configurationFile(error)
        }
    }

    private func bytes(of path: String) throws(ConfigurationFileError) -> [UInt8] {
        do {
            return try self.readFile(path)
        } catch {
            throw ConfigurationFileError(path: path, problems: [.unreadable(reason: "cannot be read: \(error.reason)")])
        }
    }

    private static func parse(_ arguments: [String]) throws(OptionError) -> Options {
        do {
            return try Options.parse(arguments)
        } catch {
            throw .parser(Options.message(for: error))
        }
    }
}
