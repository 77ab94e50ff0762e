internal import CFuzzer
private import Foundation

/// What the fuzzing programs do for `scripts/fuzz` and for whoever looks at a finding.
package struct FuzzProgram {
    private let targets: [any FuzzTarget.Type]

    package init(_ targets: [any FuzzTarget.Type]) { self.targets = targets }

    private static let usage = """
        usage: list                          the targets
               seeds TARGET FOLDER           writes the inputs to begin with
               dictionary TARGET             prints the words for inputs
               replay TARGET FILE...         does what inputs say, once
               run TARGET [OPTION...]        fuzzes; the options are libFuzzer's (scripts/fuzz builds what it takes)
        """

    /// Does what the command line says, and ends the process.
    package func main() -> Never {
        let words = Array(CommandLine.arguments.dropFirst())
        switch (words.first, words.count > 1 ? self.target(words[1]) : nil) {
        case ("list", _): self.targets.forEach { print($0.name, $0.maximumByteCount) }
        case ("seeds", let target?) where words.count == 3: Self.writeSeeds(of: target, to: words[2])
        case ("dictionary", let target?): target.dictionary.forEach { print("\"\(Self.escaped($0))\"") }
        case ("replay", let target?): words[2...].forEach { Self.replay($0, on: target.init()) }
        case ("run", let target?): Self.fuzz(target, Array(words[2...]))
        default: Self.fail(Self.usage)
        }
        exit(0)
    }

    private func target(_ name: String) -> (any FuzzTarget.Type)? { self.targets.first { $0.name == name } }

    private static func fail(_ text: String) -> Never {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
        exit(2)
    }

    private static func writeSeeds(of target: any FuzzTarget.Type, to folder: String) {
        do {
            for (index, seed) in try target.seeds().enumerated() where seed.count <= target.maximumByteCount {
                try Data(seed).write(to: URL(filePath: folder).appending(path: "seed-\(index)"))
            }
        } catch {
            Self.fail("the inputs to begin with cannot be written: \(error)")
        }
    }

    /// As libFuzzer's dictionaries have it.
    private static func escaped(_ word: String) -> String {
        word.utf8.map { byte in
            let isPlain = 0x20..<0x7F ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            return isPlain ? String(UnicodeScalar(byte)) : String(format: "\\x%02x", Int(byte))
        }.joined()
    }

    private static func replay(_ path: String, on target: any FuzzTarget) {
        guard let bytes = FileManager.default.contents(atPath: path) else { Self.fail("\(path) cannot be read") }
        do {
            try target.run([UInt8](bytes))
            print("\(path): kept its promises")
        } catch {
            Self.fail("\(path): \(error)")
        }
    }

    private static func fuzz(_ target: any FuzzTarget.Type, _ options: [String]) -> Never {
        guard fuzzer_is_linked() else { Self.fail("built without libFuzzer: use scripts/fuzz") }
        unsafe runningTarget = target.init()
        var count = Int32(options.count + 1)
        var words = unsafe ([CommandLine.arguments[0]] + options).map { unsafe strdup($0) } + [nil]
        let status = unsafe words.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return unsafe LLVMFuzzerRunDriver(&count, &start, runTarget)
        }
        exit(status)
    }
}

/// libFuzzer's callback has no context. It comes on one thread.
nonisolated(unsafe) private var runningTarget: (any FuzzTarget)?

private func runTarget(_ bytes: UnsafePointer<UInt8>?, _ byteCount: Int) -> Int32 {
    do {
        try unsafe runningTarget?.run([UInt8](UnsafeBufferPointer(start: bytes, count: byteCount)))
    } catch {
        // libFuzzer takes the trap for a crash, and keeps the input.
        fatalError(error.description)
    }
    return 0
}
