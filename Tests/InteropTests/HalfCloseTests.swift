import Foundation
import Testing

/// Clients that shut down writing and then read the answer, as `nc -N` and many scripts do.
@Suite struct HalfCloseTests {
    private static func exchange(_ answerTime: Exchange.AnswerTime) -> Exchange {
        var exchange = Exchange(byteCount: 300 << 10)
        exchange.answerTime = answerTime
        exchange.finishesWriting = true
        return exchange
    }

    @Test(.enabled(if: Program.oursIsReal), arguments: [1, 2], [Exchange.AnswerTime.afterUpload, .afterEndOfStream])
    func `the whole answer arrives after a half-close`(smuxVersion: Int, answerTime: Exchange.AnswerTime) async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-smuxver", "\(smuxVersion)"])) { _, client in
            try client.run((0..<5).map { _ in Self.exchange(answerTime) }, seconds: 30)
        }
    }

    /// The Go program closes both directions at the first end of stream (protocol 05 §3), so the answer may be cut. What
    /// does arrive must be right, and the connection must end.
    @Test(arguments: Pair.available.dropFirst(), [Exchange.AnswerTime.afterUpload, .afterEndOfStream])
    func `with a Go program at one end what arrives is right`(pair: Pair, answerTime: Exchange.AnswerTime) async throws
    {
        try await withTunnel(pair) { _, client in
            let exchange = Self.exchange(answerTime)
            let answer = try exchange.collectAnswer(through: client.address, Deadline(seconds: 60))
            print(
                "half-close, \(pair), answer \(answerTime): \(answer.count) of \(exchange.expectedAnswer.count) bytes")
            try check(answer == Array(exchange.expectedAnswer.prefix(answer.count)), "what arrived is wrong")
        }
    }
}
