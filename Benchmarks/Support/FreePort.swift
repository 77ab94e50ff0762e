import Glibc
import Synchronization

/// Port numbers below those that the system gives to outgoing connections.
package enum FreePort {
    private static let last = Atomic<UInt16>(20_000 + UInt16(getpid() % 8_000))

    /// A port that nobody has bound for UDP and nobody answers at by TCP.
    package static func next() throws(BenchmarkError) -> UInt16 {
        for _ in 0..<1000 {
            let port = last.wrappingAdd(1, ordering: .relaxed).newValue
            if port > 29_000 { last.store(20_000, ordering: .relaxed) }
            guard !SystemFiles.isUDPPortBound(port), (try? StreamSocket.connected(toPort: port))?.close() == nil else {
                continue
            }
            return port
        }
        throw .tunnel("no free port between 20000 and 29000")
    }
}
