import Foundation
import TestSupport
import Testing

@Suite struct InteropMatrixTests {
    /// `full`: the whole matrix, with a table in interop-results.md; anything else: the cases whose description holds
    /// that text; not set: the spread.
    private static let selection = ProcessInfo.processInfo.environment["KCPTUN_INTEROP"]
    private static let isFull = selection == "full"

    private static let cases: [MatrixCase] = {
        guard Program.debian.isInstalled else { return [] }
        guard let selection else { return MatrixCase.spread }
        return isFull ? MatrixCase.all : MatrixCase.all.filter { $0.testDescription.contains(selection) }
    }()

    @Test(
        .enabled(if: Program.debian.isInstalled, "Debian's kcptun is not installed: scripts/setup --tests"),
        arguments: Self.cases)
    func `carries everything to and from Debian's kcptun`(matrixCase: MatrixCase) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        let result = await Limiter.tunnels.run {
            do {
                return Result<MatrixRun, any Error>.success(
                    try await onThread { try MatrixRun.carryOut(matrixCase, seed: seed) })
            } catch {
                return .failure(error)
            }
        }
        await ResultsTable.shared.add(matrixCase, result, keepsFile: Self.isFull)
        _ = try result.get()
    }

    @Test(.enabled(if: Program.debian.isInstalled)) func `the selection holds at least one case`() {
        #expect(!Self.cases.isEmpty, "KCPTUN_INTEROP is neither full nor part of a case's description")
    }

    /// The same between our own programs.
    @Test(arguments: ["aes", "none"], ErrorCorrection.all)
    func `carries everything between our own programs`(cipher: String, errorCorrection: ErrorCorrection) async throws {
        let matrixCase = MatrixCase(
            pair: .oursAtBothEnds, cipher: cipher, smuxVersion: 2, compresses: cipher == "aes",
            errorCorrection: errorCorrection)
        _ = try await Limiter.tunnels.run {
            try await onThread { try MatrixRun.carryOut(matrixCase, seed: .random(in: 0 ... .max)) }
        }
    }

    @Test func `the spread holds every cipher in both roles and every other value`() {
        let spread = MatrixCase.spread
        #expect(Set(spread.map { "\($0.pair) \($0.cipher)" }).count == 2 * MatrixCase.ciphers.count)
        #expect(Set(spread.map { "\($0.cipher) \($0.smuxVersion)" }).count == 2 * MatrixCase.ciphers.count)
        #expect(Set(spread.map { "\($0.cipher) \($0.compresses)" }).count == 2 * MatrixCase.ciphers.count)
        #expect(Set(spread.map { "\($0.pair) \($0.errorCorrection)" }).count == 2 * ErrorCorrection.all.count)
        #expect(spread.count < MatrixCase.all.count / 5)
    }
}
