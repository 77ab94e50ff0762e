import Dispatch

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
    /// SIGUSR1: log the counters.
    case logCounters
}

/// The process' signals as a sequence. SIGPIPE is ignored: a closed connection is an error of a write.
final class SignalSource {
    let signals: AsyncStream<ProgramSignal>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: ProgramSignal.self)
        signal(SIGPIPE, SIG_IGN)
        self.signals = stream
        self.sources = [(SIGTERM, ProgramSignal.terminate), (SIGINT, .terminate), (SIGUSR1, .logCounters)].map {
            number, meaning in
            // The default action would come before the source.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(meaning) }
            source.resume()
            return source
        }
    }
}
