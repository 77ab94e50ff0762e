import TestSupport
import Testing

/// What the other tests rely on: an exchange notices every kind of damage.
@Suite struct ExchangeTests {
    /// What a damaged answer is made of.
    enum Damage: CaseIterable, Sendable {
        case none, wrongDigest, wrongByte, missingByte

        fileprivate func apply(to answer: [UInt8]) -> [UInt8] {
            var answer = answer
            switch self {
            case .none: break
            case .wrongDigest: answer[Exchange.digestByteCount - 1] ^= 1
            case .wrongByte: answer[answer.count - 1] ^= 0x80
            case .missingByte: answer.removeLast()
            }
            return answer
        }
    }

    @Test(arguments: Damage.allCases)
    func `a damaged answer is refused, a whole one is not`(damage: Damage) async throws {
        let exchange = Exchange(byteCount: 10_000)
        let listener = try StreamListener(at: .ipv4(FreePort.take())) { connection in
            let deadline = Deadline(seconds: 20)
            _ = try? connection.read(byteCount: Exchange.headerByteCount + 10_000, deadline)
            try? connection.write(damage.apply(to: exchange.expectedAnswer), deadline)
        }
        defer { listener.stop() }
        let run: @Sendable () throws -> Void = { try exchange.run(through: listener.address, Deadline(seconds: 20)) }
        if damage == .none {
            try await onThread(run)
        } else {
            await #expect(throws: Failure.self) { try await onThread(run) }
        }
    }

    @Test func `the target says what it received`() async throws {
        let target = try Target.shared.get()
        try await onThread {
            try Exchange(byteCount: 100_000).run(through: target.address, Deadline(seconds: 20))
            try Exchange(byteCount: 0).run(through: target.address, Deadline(seconds: 20))
        }
    }
}
