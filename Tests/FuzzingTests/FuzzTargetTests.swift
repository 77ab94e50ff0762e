import Foundation
import FuzzSupport
import PacketFuzzing
import SettingsFuzzing
import Testing

/// What runs in a plain build: the inputs to begin with, those that have broken a promise once, and some thousand others.
@Suite struct FuzzTargetTests {
    struct Target: CustomTestStringConvertible, Sendable {
        let type: any FuzzTarget.Type
        var testDescription: String { self.type.name }

        /// Runs inputs and says what is wrong with the first that breaks a promise.
        func complaint(about inputs: some Sequence<[UInt8]>) -> String? {
            let target = self.type.init()
            for bytes in inputs {
                if let error = Self.error(of: target, bytes) { return "\(error) \(bytes)" }
            }
            return nil
        }

        private static func error(of target: any FuzzTarget, _ bytes: [UInt8]) -> BrokenPromise? {
            do throws(BrokenPromise) {
                try target.run(bytes)
                return nil
            } catch {
                return error
            }
        }
    }

    static let targets = (PacketFuzzing.targets + SettingsFuzzing.targets).map { Target(type: $0) }
    private static let regressions = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzzing/Regressions")

    /// One series takes about a second.
    private static func inputCount(of target: Target) -> Int { target.type.name == "options" ? 300 : 4000 }

    @Test(arguments: Self.targets) func `the inputs to begin with break no promise`(target: Target) throws {
        let seeds = try target.type.seeds()
        #expect(!seeds.isEmpty)
        #expect(target.complaint(about: seeds) == nil)
    }

    @Test(arguments: Self.targets, [1, 2] as [UInt64])
    func `inputs made by chance break no promise`(target: Target, seed: UInt64) throws {
        let mutator = SeededMutator(
            seed: seed, corpus: try target.type.seeds(), dictionary: target.type.dictionary,
            maximumByteCount: target.type.maximumByteCount)
        let inputs = (0..<Self.inputCount(of: target)).lazy.map { _ in mutator.next() }
        #expect(target.complaint(about: inputs) == nil)
    }

    @Test(arguments: Self.targets) func `an input that was found once breaks no promise any more`(target: Target) throws
    {
        let folder = Self.regressions.appending(path: target.type.name)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        #expect(target.complaint(about: try files.map { [UInt8](try Data(contentsOf: $0)) }) == nil)
    }

    @Test func `every folder of inputs belongs to a target`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.regressions.path())
        #expect(Set(folders).subtracting(Self.targets.map { $0.type.name }) == ["README.md"])
    }

    @Test func `no two targets have the same name`() {
        #expect(Set(Self.targets.map { $0.type.name }).count == Self.targets.count)
    }

    @Test func `a broken promise is noticed`() {
        let mutator = SeededMutator(seed: 1, corpus: Careless.seeds(), dictionary: [], maximumByteCount: 8)
        let inputs = (0..<4000).lazy.map { _ in mutator.next() }
        #expect(Target(type: Careless.self).complaint(about: inputs)?.hasPrefix("there is no 255") == true)
    }
}

/// Promises what it does not keep.
private final class Careless: FuzzTarget {
    static let name = "careless"

    static func seeds() -> [[UInt8]] { [[1, 2, 3]] }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        try promise(input.rest().first != 0xFF, "there is no 255")
    }
}
