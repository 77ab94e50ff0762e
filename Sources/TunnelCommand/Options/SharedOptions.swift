package import ArgumentParser
package import TunnelCore

/// The options that both programs have with the same defaults.
package struct SharedOptions: ParsableArguments {
    @OptionGroup(title: "Secrecy") package var secrecy: SecrecyOptions
    @OptionGroup(title: "Link") package var link: LinkOptions
    @OptionGroup(title: "Connections") package var streams: StreamOptions
    @OptionGroup(title: "Connections") package var memory: MemoryOptions
    @OptionGroup(title: "Reports") package var reports: ReportOptions

    @Option(
        name: .customShort("c"), parsing: .unconditional,
        help: .init(
            "Read options from this JSON file; they take precedence over the command line's.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    package var configurationPath = ""

    package init() {}
}

/// The options of one of the two programs.
package protocol TunnelOptions: ParsableArguments, Sendable {
    associatedtype Defaults: ProgramDefaults
    var windows: WindowOptions<Defaults> { get set }
    var closing: ClosingOptions<Defaults> { get set }
    var shared: SharedOptions { get set }

    /// Which end of a tunnel the program is.
    static var role: TunnelRole { get }
    /// What the program is called.
    static var programName: String { get }
    /// What the program does, in a sentence.
    static var abstract: String { get }
}
