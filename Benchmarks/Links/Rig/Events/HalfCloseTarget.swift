package import BenchmarkSupport
import Synchronization

/// A service that ends its direction first or last, as its client says with the first byte, and counts what comes.
package final class HalfCloseTarget: Sendable {
    package enum Order: UInt8, Sendable, CaseIterable {
        /// The client ends its direction; then the answer comes.
        case clientFirst = 1
        /// The answer comes and ends at once; then the client sends.
        case targetFirst = 2
    }

    package static let byteCount = 300_000

    private let listener: StreamSocket
    /// How much has come on the connection whose client has ended it last; 0 until then.
    private let received = Atomic(0)

    package init() throws(BenchmarkError) {
        self.listener = try StreamSocket.listening()
        WorkerThread { [self] in
            while let connection = self.listener.accepted() {
                WorkerThread { self.serve(connection) }.detach()
            }
            self.listener.close()
        }.detach()
    }

    package var port: UInt16 { self.listener.port }
    package var receivedByteCount: Int { self.received.load(ordering: .relaxed) }

    package func stop() { self.listener.shutDown() }

    private func serve(_ connection: StreamSocket) {
        connection.limitWaiting(toMilliseconds: 30_000)
        switch connection.receiveByte().flatMap(Order.init) {
        case .clientFirst:
            self.received.store(Self.receive(from: connection), ordering: .relaxed)
            Self.send(to: connection)
        case .targetFirst:
            Self.send(to: connection)
            connection.finishWriting()
            self.received.store(Self.receive(from: connection), ordering: .relaxed)
        case nil: break
        }
        connection.close()
    }

    private static func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &* 7 &+ index >> 8) }

    /// Sends all.
    package static func send(to connection: StreamSocket) {
        let bytes = (0..<self.byteCount).map(self.byte)
        _ = unsafe bytes.withUnsafeBytes { unsafe connection.send($0) }
    }

    /// How many right bytes come until the end.
    package static func receive(from connection: StreamSocket) -> Int {
        var count = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while let received = connection.receiveSome(into: &buffer), received > 0 {
            for index in 0..<received {
                guard buffer[index] == self.byte(count) else { return count }
                count += 1
            }
        }
        return count
    }
}
