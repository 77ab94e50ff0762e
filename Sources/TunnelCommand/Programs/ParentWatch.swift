#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Ends a plugin when the shadowsocks program that started it is gone, even if that was killed and could not say so.
enum ParentWatch {
    private static let period = Duration.seconds(2)

    /// Looks until the task is cancelled; the process then gets the signal that its parent should have sent.
    static func start() -> Task<Void, Never> {
        let parent = getppid()
        return Task {
            while getppid() == parent {
                do { try await Task.sleep(for: self.period) } catch { return }
            }
            kill(getpid(), SIGTERM)
        }
    }
}
