package import TunnelRuntime

/// An error that the operator reads, and the program's exit status after it.
package protocol OperatorError: Error, CustomStringConvertible, Sendable {
    /// One of the numbers of `sysexits.h`.
    var exitStatus: Int32 { get }
}

/// The numbers of `sysexits.h` that our programs end with.
package enum ExitStatus {
    /// `EX_USAGE`: the command line could not be understood. The original ends with 0 here.
    package static let usage: Int32 = 64
    /// `EX_CONFIG`: the configuration cannot be used. The original ends with 255, 1 or 0 here.
    package static let configuration: Int32 = 78
}

/// A command line that cannot be understood. The reasons are worded like the original's, as scripts look for them.
package enum UsageError: OperatorError, Hashable {
    case unknownFlag(String)
    case badSyntax(String)
    case missingValue(flag: String)
    case invalidBoolean(String, flag: String)
    case invalidInteger(String, flag: String, GoLiteral.IntegerError)
    case twoForms(String, String)
    /// One of the values of a flag that takes several.
    case badEntry(flag: String, AddressFormatError)

    package var exitStatus: Int32 { ExitStatus.usage }

    /// What is wrong, without the words around it.
    package var reason: String {
        switch self {
        case .unknownFlag(let name): "flag provided but not defined: -\(name)"
        case .badSyntax(let word): "bad flag syntax: \(word)"
        case .missingValue(let flag): "flag needs an argument: -\(flag)"
        case .invalidBoolean(let value, let flag):
            "invalid boolean value \(GoLiteral.quoted(value)) for -\(flag): parse error"
        case .invalidInteger(let value, let flag, let error):
            "invalid value \(GoLiteral.quoted(value)) for flag -\(flag): \(error.rawValue)"
        case .badEntry(let flag, let error): "invalid value for flag -\(flag): \(error)"
        case .twoForms(let one, let other): "Cannot use two forms of the same flag: \(one) \(other)"
        }
    }

    package var description: String { "Incorrect Usage. \(self.reason)\n\nTry --help for the list of flags." }
}
