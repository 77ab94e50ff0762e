import Ciphers
package import TunnelRuntime

/// Something in the options that the program cannot work with.
package enum ConfigurationProblem: Hashable, Sendable {
    case unknownCipher(String)
    case unknownMode(String)
    case notOneOf(flag: String, value: String, allowed: [String])
    case badValue(flag: String, value: String, expected: String)
    case outOfRange(flag: String, value: Int, allowed: ClosedRange<Int>, reason: String)
    case mtuTooSmall(Int, least: Int, crypt: String)
    case tooManyShards(data: Int, parity: Int)
    case streamBufferTooLarge(Int, sessionBuffer: Int)
    case padCountCancelsOut(Int)
    case notAvailable(flag: String, instead: String)
    case linuxOnly(flag: String, instead: String)
    case address(flag: String, AddressFormatError)
    case metricsAddress(String)
}

extension ConfigurationProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownCipher(let name):
            "--crypt \(GoLiteral.quoted(name)) is no known cipher: use one of \(CipherSuite.nameList)"
        case .unknownMode(let name): Self.unknownModeText(name)
        case .notOneOf(let flag, let value, let allowed):
            "--\(flag) \(GoLiteral.quoted(value)) is not known: use one of \(allowed.joined(separator: ", "))"
        case .badValue(let flag, let value, let expected): "--\(flag) \(GoLiteral.quoted(value)): use \(expected)"
        case .outOfRange(let flag, let value, let allowed, let reason):
            "--\(flag) \(value) is out of range: use \(Self.text(allowed))" + (reason.isEmpty ? "" : " (\(reason))")
        case .mtuTooSmall(let mtu, let least, let crypt):
            "--mtu \(mtu) leaves no room for data beside the headers of crypt \(crypt): use \(least) or more"
        case .tooManyShards(let data, let parity):
            "--datashard \(data) and --parityshard \(parity) are more than 256 together: lower one of them"
        case .streamBufferTooLarge(let stream, let session):
            "--streambuf \(stream) is larger than --smuxbuf \(session): lower the one or raise the other"
        case .padCountCancelsOut(let count):
            "--QPPCount \(count) is a multiple of 65536, which counts as 0: use a prime of 7 or more"
        case .notAvailable(let flag, let instead): "--\(flag) is not available in this version yet: \(instead)"
        case .linuxOnly(let flag, let instead): "--\(flag) works on Linux only: \(instead)"
        case .address(let flag, let error): "--\(flag): \(error)"
        case .metricsAddress(let text):
            "--metrics \(GoLiteral.quoted(text)) is no address to listen on: use host:port, such as 127.0.0.1:9100"
        }
    }

    private static func unknownModeText(_ name: String) -> String {
        let text = "--mode \(GoLiteral.quoted(name)) is no known mode: use one of \(NoDelayParameters.modeList)"
        return text + " (the original takes unknown names for manual)"
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == .max { return "\(range.lowerBound) or more" }
        let joint = range.count == 2 ? "or" : "to"
        return "\(range.lowerBound) \(joint) \(range.upperBound)"
    }
}

/// All that is wrong with a configuration.
package struct ConfigurationError: OperatorError, Hashable {
    package var problems: [ConfigurationProblem]

    package var exitStatus: Int32 { ExitStatus.configuration }

    /// One line for each problem.
    package var description: String { self.problems.map(\.description).joined(separator: "\n") }
}
