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

    /// The target ends its answer before the request has come; what the application has given us still has to arrive.
    @Test(.enabled(if: Program.oursIsReal)) func `a request arrives although its answer has ended before`()
        async throws
    {
        let target = try EarlyFinisher()
        defer { target.stop() }
        let flags = Tunnel.Flags(both: ["-ratelimit", "100000", "-nocomp", "-sndwnd", "8"])
        try await withTunnel(.oursAtBothEnds, flags, target: target.address.description) { _, client in
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([0] + Payload.make(seed: 7, byteCount: 240 << 10), Deadline(seconds: 20))
            connection.finishWriting()
            _ = waitUntil(Deadline(seconds: 30)) { target.hasEnded }
            try check(target.byteCount == 1 + (240 << 10), "\(target.byteCount) bytes have arrived")
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

/// A target that has nothing to say, says so at once, and takes what comes.
private final class EarlyFinisher: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    private var isOver = false
    private var listener: StreamListener?

    init() throws {
        self.listener = try StreamListener(at: .ipv4(FreePort.take())) { [weak self] connection in
            connection.finishWriting()
            let deadline = Deadline(seconds: 60)
            var buffer = [UInt8](repeating: 0, count: 65536)
            while let received = try? connection.readSome(into: &buffer, limit: 65536, deadline), received > 0 {
                self?.lock.withLock { self?.count += received }
            }
            self?.lock.withLock { self?.isOver = true }
        }
    }

    var address: StreamAddress { self.listener?.address ?? .ipv4(0) }
    var byteCount: Int { self.lock.withLock { self.count } }
    var hasEnded: Bool { self.lock.withLock { self.isOver } }

    func stop() { self.listener?.stop() }
}
