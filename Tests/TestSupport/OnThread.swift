import Foundation

/// Runs work that blocks or takes long on a thread of its own, so that the threads of Swift's concurrency stay free for
/// the other tests.
package func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: work)) }
        thread.stackSize = 1 << 20
        thread.start()
    }
}

/// Runs a long calculation without keeping the other tests from the processors.
package func calculate<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await calculations.run { try await onThread(work) }
}

private let calculations = Limiter(limit: 2)
