import NIOCore
import NIOPosix

/// The thread of all that is around the tunnel itself: signals, reports, the service manager.
///
/// Swift's own executor would do for that, but the library below it keeps a thread that wakes up every second for ever,
/// and an idle program should rest.
final class ControlLoop: TaskExecutor {
    let eventLoop: any EventLoop

    init() { self.eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next() }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.eventLoop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs `body` on a loop of its own while this thread waits; returns what it returns.
    static func run(_ body: @escaping @Sendable (ControlLoop) async -> Int32) -> Int32 {
        let loop = ControlLoop()
        let result = loop.eventLoop.makePromise(of: Int32.self)
        Task(executorPreference: loop) { result.succeed(await body(loop)) }
        return (try? result.futureResult.wait()) ?? ExitStatus.failure
    }

    /// Waits; returns early when the task is cancelled.
    func sleep(for time: TimeAmount) async {
        let wakeUp = self.eventLoop.scheduleTask(in: time) {}
        await withTaskCancellationHandler {
            try? await wakeUp.futureResult.get()
        } onCancel: {
            wakeUp.cancel()
        }
    }
}
