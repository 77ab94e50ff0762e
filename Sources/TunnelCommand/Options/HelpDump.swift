import ArgumentParser

#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

/// The part of the argument parser's own description of a command (`--experimental-dump-help`) that is needed here:
/// every list of flags is made from it.
struct HelpDump: Decodable {
    /// A command or one of its subcommands.
    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    /// A flag, an option or a positional argument.
    struct Argument: Decodable {
        var kind: String
        var shouldDisplay: Bool?
        var sectionTitle: String?
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
        var completionKind: Completion?
    }

    /// One of the names of a flag.
    struct Name: Decodable {
        var kind: String
        var name: String
    }

    /// What can be offered for a value.
    struct Completion: Decodable {
        struct List: Decodable { var values: [String] }
        struct File: Decodable {}
        var list: List?
        var file: File?
    }

    var command: Command

    /// The description of a command, or of a plain set of options.
    init(of type: any ParsableArguments.Type) {
        do {
            self = try JSONDecoder().decode(HelpDump.self, from: Data(type._dumpHelp().utf8))
        } catch {
            preconditionFailure("the argument parser describes its options in a form that is not known: \(error)")
        }
    }
}
