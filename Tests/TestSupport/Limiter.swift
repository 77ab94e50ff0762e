/// Lets at most `limit` pieces of work run at the same time; the others wait in order.
package actor Limiter {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(limit: Int) { self.free = limit }

    package func run<Value: Sendable>(_ work: @Sendable () async throws -> Value) async rethrows -> Value {
        await self.enter()
        defer { self.leave() }
        return try await work()
    }

    private func enter() async {
        if self.free > 0 {
            self.free -= 1
        } else {
            await withCheckedContinuation { self.waiting.append($0) }
        }
    }

    private func leave() {
        if self.waiting.isEmpty {
            self.free += 1
        } else {
            self.waiting.removeFirst().resume()
        }
    }
}
