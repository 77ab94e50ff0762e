import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// What the operator asks of a running program.
enum ProgramSignal: Sendable {
    /// SIGTERM, SIGINT: leave.
    case terminate
    /// SIGHUP: read the configuration file again.
    case reload
    /// SIGUSR1: log the counters.
    case logCounters

    fileprivate init?(number: Int32) {
        switch number {
        case SIGTERM, SIGINT: self = .terminate
        case SIGHUP: self = .reload
        case SIGUSR1: self = .logCounters
        default: return nil
        }
    }
}

/// The process' signals as a sequence. SIGPIPE is ignored: a closed connection is an error of a write.
///
/// A signal's handler may do little, so it writes the number to a pipe, whose other end an event loop reads. One per
/// process.
final class SignalSource: Sendable {
    let signals: AsyncStream<ProgramSignal>
    private let isServing = Atomic(false)

    /// Catches signals from now on. Until the program serves, a request to leave ends it at once.
    init(on loop: any EventLoop) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: ProgramSignal.self)
        self.signals = stream
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SignalError(number: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        unsafe pipeEnd = ends[1]
        _ = try await NIOPipeBootstrap(group: loop)
            .channelInitializer { channel in
                channel.pipeline.addHandler(SignalHandler { self.take($0, continuation) })
            }
            .takingOwnershipOfDescriptor(input: ends[0]).get()
        Self.catchSignals()
    }

    private static func catchSignals() {
        signal(SIGPIPE, SIG_IGN)
        var unblocked = sigset_t()
        unsafe sigemptyset(&unblocked)
        for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] {
            signal(number, forwardSignal)
            unsafe sigaddset(&unblocked, number)
        }
        // Whoever started us may have blocked them. One thread that takes them is enough.
        unsafe pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    }

    /// From now on somebody reads `signals`.
    func serve() { self.isServing.store(true, ordering: .relaxed) }

    private func take(_ signal: ProgramSignal, _ continuation: AsyncStream<ProgramSignal>.Continuation) {
        if signal == .terminate, !self.isServing.load(ordering: .relaxed) { exit(ExitStatus.success) }
        continuation.yield(signal)
    }
}

/// Why signals cannot be caught.
private struct SignalError: Error, CustomStringConvertible {
    var number: Int32

    var description: String { "no pipe for signals: \(unsafe String(cString: strerror(self.number)))" }
}

/// Where `forwardSignal` writes to; set once, before it is called.
nonisolated(unsafe) private var pipeEnd: Int32 = -1

/// Runs in the middle of anything: nothing but a write is allowed here.
private func forwardSignal(_ number: Int32) {
    let savedError = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe write(pipeEnd, &byte, 1)
    errno = savedError
}

/// Reads the numbers from the pipe.
private final class SignalHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let take: @Sendable (ProgramSignal) -> Void

    init(take: @escaping @Sendable (ProgramSignal) -> Void) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for byte in self.unwrapInboundIn(data).readableBytesView {
            if let signal = ProgramSignal(number: Int32(byte)) { self.take(signal) }
        }
    }
}
