import FuzzSupport
import TunnelCommand

/// Command lines, one word a line. What is understood and put into our own spelling means the same again.
final class CommandLineTarget: FuzzTarget {
    static let name = "command-line"
    static let maximumByteCount = 512
    private let tables = ProgramTables()

    static var dictionary: [String] {
        ProgramTables.names.flatMap { ["-\($0)\n", "--\($0)="] } + [
            "true", "0x_1F", "-0b1", "1_000", "--\n", "help", "fixed:9.5",
        ]
    }

    static func seeds() throws -> [[UInt8]] {
        [
            "-l\n:12948\n-r=vps:4000-4010\n--mode\nfast3\n-nocomp",
            "--crypt=none\n--mtu=0x500\n-quiet=false\n-key\n-abc",
            "-h", "-version=true", "--\n-x", "help", "-smuxver\n2\nrest", "-datashard=-0b1_0\n--parityshard=0o17\n-k\n",
        ].flatMap { [[0] + Array($0.utf8), [1] + Array($0.utf8)] }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let spelling = GoSpelling(table: self.tables[input.byte()])
        let invocation: GoSpelling.Invocation
        do {
            invocation = try spelling.read(input.words())
        } catch {
            return try promise(!error.description.isEmpty, "no reason")
        }
        let again: GoSpelling.Invocation
        do {
            again = try spelling.read(invocation.settings.arguments)
        } catch { throw BrokenPromise("our own spelling is not understood: \(error)") }
        let meaning = invocation.settings.effective.filter { $0.value != .boolean(false) }
        try promise(again.settings == meaning, "our own spelling means something else")
        try promise(again.ignoredWords.isEmpty, "our own spelling has words too many")
    }
}
