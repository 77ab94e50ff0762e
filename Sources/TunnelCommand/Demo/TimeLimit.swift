/// A limit for work that may hang.
enum TimeLimit {
    /// What the work returns, or what `expired` makes when the time is up. The work is not waited for then: the
    /// process is about to end.
    static func run<Value: Sendable>(
        seconds: Int, _ work: @escaping @Sendable () async throws -> Value,
        expired: @escaping @Sendable () -> any Error
    ) async throws -> Value {
        let (outcomes, outcome) = AsyncStream.makeStream(of: Result<Value, any Error>.self)
        Task {
            do { outcome.yield(.success(try await work())) } catch { outcome.yield(.failure(error)) }
        }
        Task {
            try? await Task.sleep(for: .seconds(seconds))
            outcome.yield(.failure(expired()))
        }
        for await first in outcomes { return try first.get() }
        throw CancellationError()
    }
}
