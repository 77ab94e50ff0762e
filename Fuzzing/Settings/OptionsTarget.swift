import FuzzSupport
import TunnelCommand

/// Command lines all the way to checked settings, as the programs read them. Slow, as it runs the argument parser. Every
/// command line that the spelling rules understand is understood by the parser too, and every refusal has a reason.
final class OptionsTarget: FuzzTarget {
    static let name = "options"
    static let maximumByteCount = 256
    private let serverReader = OptionReader<ServerOptions>(environment: [:]) { _ throws(FileError) in Array("{}".utf8) }
    private let clientReader = OptionReader<ClientOptions>(environment: [:]) { _ throws(FileError) in Array("{}".utf8) }

    static var dictionary: [String] { CommandLineTarget.dictionary }

    static func seeds() throws -> [[UInt8]] { try CommandLineTarget.seeds() }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        if input.flag() {
            if let options = try Self.read(input.words(), with: self.serverReader) {
                try Self.check { () throws(ConfigurationError) in _ = try ServerSettings(options) }
            }
        } else if let options = try Self.read(input.words(), with: self.clientReader) {
            try Self.check { () throws(ConfigurationError) in _ = try ClientSettings(options) }
        }
    }

    private static func read<Options: TunnelOptions>(
        _ words: [String], with reader: OptionReader<Options>
    ) throws(BrokenPromise) -> Options? {
        do {
            guard case .run(let loaded) = try reader.read(words) else { return nil }
            return loaded.options
        } catch {
            if case .parser(let text) = error { throw BrokenPromise("the parser refuses what is understood: \(text)") }
            try promise(!error.description.isEmpty, "no reason")
            return nil
        }
    }

    private static func check(_ body: () throws(ConfigurationError) -> Void) throws(BrokenPromise) {
        do { try body() } catch { try promise(!error.description.isEmpty, "no reason") }
    }
}
