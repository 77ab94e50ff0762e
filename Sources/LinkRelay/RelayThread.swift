import NetworkSimulation
import PacketPrimitives
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the relay's owner and its thread share.
final class RelayShared: Sendable {
    /// What the owner wants.
    struct Orders: Sendable {
        var stop = false
        var rebind = false
        var blockClients = false
        var conditions: (towardServer: LinkConditions, towardClients: LinkConditions)?
    }

    private struct State: Sendable {
        var orders = Orders()
        var statistics = LinkRelay.Statistics()
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())
    /// Readable while there are orders: the thread polls it with its sockets.
    let wakeDescriptor: Int32
    private let wakeWriteDescriptor: Int32

    init() throws(RelayError) {
        var descriptors: [Int32] = [0, 0]
        guard unsafe pipe(&descriptors) == 0 else { throw RelayError(call: "pipe") }
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        self.wakeDescriptor = descriptors[0]
        self.wakeWriteDescriptor = descriptors[1]
        _ = fcntl(self.wakeDescriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(self.wakeDescriptor)
        close(self.wakeWriteDescriptor)
    }

    /// Changes the orders and wakes the thread.
    func order(_ change: (inout Orders) -> Void) {
        self.state.withLock { change(&$0.orders) }
        var byte: UInt8 = 1
        _ = unsafe write(self.wakeWriteDescriptor, &byte, 1)
    }

    /// The thread's side: the orders since the last call.
    func takeOrders() -> Orders {
        var bytes: (UInt64, UInt64) = (0, 0)
        _ = unsafe read(self.wakeDescriptor, &bytes, 16)
        return self.state.withLock { state in
            defer {
                state.orders.rebind = false
                state.orders.blockClients = false
                state.orders.conditions = nil
            }
            return state.orders
        }
    }

    /// Time since the relay was made.
    var now: Instant {
        let elapsed = self.start.duration(to: .now).components
        return Instant(
            microseconds: UInt64(elapsed.seconds) * 1_000_000 + UInt64(elapsed.attoseconds / 1_000_000_000_000))
    }

    var statistics: LinkRelay.Statistics { self.state.withLock { $0.statistics } }

    func publish(_ statistics: LinkRelay.Statistics) { self.state.withLock { $0.statistics = statistics } }
}

/// One system thread that can be waited for.
final class RelayThread: Sendable {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    #if canImport(Darwin)
        private typealias Handle = pthread_t?
    #else
        private typealias Handle = pthread_t
    #endif

    /// `nil` once it has been joined.
    private let handle: Mutex<SendableHandle?>

    private struct SendableHandle: @unchecked Sendable { let value: Handle }

    /// Starts the thread. An urgent one has real-time priority, if the process may have that.
    init(isUrgent: Bool, _ body: sending @escaping () -> Void) throws(RelayError) {
        let context = unsafe Unmanaged.passRetained(Body(body))
        #if canImport(Darwin)
            var handle: Handle = nil
        #else
            var handle = Handle()
        #endif
        let result = unsafe pthread_create(&handle, nil, Self.main, context.toOpaque())
        guard result == 0 else {
            unsafe context.release()
            throw RelayError(call: "pthread_create", code: result)
        }
        if isUrgent { Self.hurry(handle) }
        self.handle = Mutex(SendableHandle(value: handle))
    }

    private static func hurry(_ handle: Handle) {
        var parameters = sched_param()
        parameters.sched_priority = sched_get_priority_min(SCHED_FIFO)
        #if canImport(Darwin)
            if let handle { _ = unsafe pthread_setschedparam(handle, SCHED_FIFO, &parameters) }
        #else
            _ = unsafe pthread_setschedparam(handle, SCHED_FIFO, &parameters)
        #endif
    }

    #if canImport(Darwin)
        private static let main: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
            unsafe Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run()
            return nil
        }
    #else
        private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
            guard let context = unsafe $0 else { return nil }
            unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }
    #endif

    /// Waits until the thread has ended.
    func join() {
        let handle = self.handle.withLock { $0.take() }
        #if canImport(Darwin)
            if let pthread = handle?.value { pthread_join(pthread, nil) }
        #else
            if let handle { pthread_join(handle.value, nil) }
        #endif
    }
}

/// Processor time that the calling thread has used.
func threadProcessorMicroseconds() -> Int {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}
