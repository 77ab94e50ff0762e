import NIOCore

extension NIOIsolatedEventLoop {
    /// Calls `body` every `interval`, until cancelled.
    func scheduleRepeating(every interval: TimeAmount, _ body: @escaping () -> Void) -> RepeatedTask {
        let bound = NIOLoopBound(body, eventLoop: self.nonisolated())
        return self.nonisolated().scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value() }
    }
}
