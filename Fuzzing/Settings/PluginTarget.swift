import FuzzSupport
import TunnelCommand
import TunnelCore

/// What a shadowsocks program says to its plugin, a variable a line, the options last. Options that are written down with
/// all their special characters escaped mean the same.
final class PluginTarget: FuzzTarget {
    static let name = "plugin-options"
    static let maximumByteCount = 512
    private let tables = ProgramTables()

    static var dictionary: [String] {
        ProgramTables.names.map { "\($0)=" } + ["server", "\\;", "\\=", "\\\\", "|", "::", "[::1]"]
    }

    static func seeds() throws -> [[UInt8]] {
        [
            "127.0.0.1\n8388\n127.0.0.1\n1984\nmode=fast3;key=a\\;b\\=c\\\\;nocomp",
            "::|0.0.0.0\n8388\n[::1]\n1984\nserver;mtu=1200",
            "host\n1\nh\n2\n=x", "host\n1\nh\n2\na=b=c;;d=", "host\n1\nh\n2\nkey=\\",
        ].flatMap { [[0] + Array($0.utf8), [1] + Array($0.utf8)] }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let choice = input.byte()
        let parts = input.rest().split(separator: 10, maxSplits: 4, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        var environment: [String: String] = [:]
        for (variable, text) in zip(PluginEnvironment.Variable.allCases, parts) {
            environment[variable.rawValue] = text
        }
        try Self.checkOptions(parts.last ?? "")
        do {
            let table = self.tables[choice]
            let settings = try PluginEnvironment(environment)?.settings(choice & 1 == 0 ? .client : .server, table)
            try promise((settings?.count ?? 0) >= 2, "both addresses are set")
        } catch let error as BrokenPromise {
            throw error
        } catch {
            try promise(!"\(error)".isEmpty, "no reason")
        }
    }

    private static func checkOptions(_ text: String) throws(BrokenPromise) {
        guard let options = try? PluginOptions(text) else { return }
        let written = options.options.map { option in
            Self.escaped(option.name) + (option.value.map { "=\(Self.escaped($0))" } ?? "")
        }.joined(separator: ";")
        try promise((try? PluginOptions(written)) == options, "\(written) means something else")
    }

    private static func escaped(_ text: String) -> String {
        String(text.flatMap { ["\\", ";", "="].contains($0) ? ["\\", $0] : [$0] })
    }
}
