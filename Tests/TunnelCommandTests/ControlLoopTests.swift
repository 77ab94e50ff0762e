import Foundation
import NIOCore
import Testing

@testable import TunnelCommand

@Suite struct ControlLoopTests {
    @Test func `work and the tasks within it run on the loop's thread`() async {
        let loop = ControlLoop()
        let places = await withTaskExecutorPreference(loop) {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<3 { group.addTask { loop.eventLoop.inEventLoop } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(places == [true, true, true])
    }

    @Test func `a cancelled task does not sleep on`() async {
        let loop = ControlLoop()
        let task = Task { await loop.sleep(for: .hours(1)) }
        task.cancel()
        await task.value
    }

    @Test func `the thread that waits gets the result`() async {
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: ControlLoop.run { _ in 7 }) }
        }
        #expect(result == 7)
    }
}
