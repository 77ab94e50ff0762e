/// A program's settings, and what they were made of.
package struct ProgramState<P: Program>: Sendable {
    package var loaded: LoadedOptions<P.Options>
    package var settings: P.Settings
    /// What really counts: settings that need a restart stay as they are.
    package var effective: EffectiveSettings

    /// Checks options.
    package init(_ loaded: LoadedOptions<P.Options>) throws(ConfigurationError) {
        self.loaded = loaded
        self.settings = try P.settings(loaded.options, given: Set(loaded.settings.map(\.flag.name)))
        self.effective = EffectiveSettings(loaded, self.settings)
    }
}

/// What another reading of the configuration file comes to.
package enum Reload<P: Program>: Sendable {
    /// The program was started without one.
    case nothingToRead
    /// With what was given without effect.
    case unchanged(doubts: [String])
    case changed(ProgramState<P>, [SettingChange])
    /// Nothing of it counts.
    case refused(any OperatorError)

    /// Reads the options again from where they came from: environment, command line and file.
    package init(_ current: ProgramState<P>, reader: OptionReader<P.Options>, arguments: [String]) {
        guard current.loaded.configurationPath != nil else {
            self = .nothingToRead
            return
        }
        do {
            guard case .run(let loaded) = try reader.read(arguments) else {
                self = .nothingToRead
                return
            }
            self.init(from: current, to: try ProgramState(loaded))
        } catch let error as any OperatorError {
            self = .refused(error)
        } catch {
            preconditionFailure("options are refused with the operator's errors only: \(error)")
        }
    }

    private init(from current: ProgramState<P>, to new: ProgramState<P>) {
        let changes = SettingChange.changes(from: current.effective, to: new.effective, role: P.Options.role)
        guard !changes.isEmpty else {
            self = .unchanged(doubts: new.loaded.doubts)
            return
        }
        var new = new
        let kept = changes.filter { $0.effect == .restart }.map(\.flag.name)
        new.effective.restore(Set(kept), from: current.effective)
        self = .changed(new, changes)
    }
}
