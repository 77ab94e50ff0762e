import NIOCore

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Ends a plugin when the shadowsocks program that started it is gone, even if that was killed and could not say so.
enum ParentWatch {
    private static let period = TimeAmount.seconds(2)

    /// Looks until the task is cancelled; the process then gets the signal that its parent should have sent.
    static func start(on control: ControlLoop) -> Task<Void, Never> {
        let parent = getppid()
        return Task(executorPreference: control) {
            while getppid() == parent {
                await control.sleep(for: self.period)
                if Task.isCancelled { return }
            }
            kill(getpid(), SIGTERM)
        }
    }
}
