import Glibc

/// A system thread. The load generator blocks in its calls, so each connection has one.
package struct WorkerThread: Sendable {
    private let handle: pthread_t

    @discardableResult
    package init(_ work: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, 256 << 10)
        defer { unsafe pthread_attr_destroy(&attributes) }

        var handle = pthread_t()
        let argument = unsafe Unmanaged.passRetained(Work(work)).toOpaque()
        let code = unsafe pthread_create(&handle, &attributes, runWork, argument)
        precondition(code == 0, "no thread: error \(code)")
        self.handle = handle
    }

    package func join() { pthread_join(handle, nil) }

    /// Lets the thread end unobserved.
    package func detach() { pthread_detach(handle) }
}

private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
    return nil
}
