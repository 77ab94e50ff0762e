import BenchmarkSupport
import Synchronization

/// The service of the soak: checks requests and answers them.
final class CheckedService: Sendable {
    private let listener: StreamSocket
    private let wrongCount = Atomic(0)
    private let checkedByteCount = Atomic(0)

    init() throws(BenchmarkError) {
        self.listener = try StreamSocket.listening()
        WorkerThread { [self] in
            while let connection = self.listener.accepted() {
                WorkerThread { self.serve(connection) }.detach()
            }
            self.listener.close()
        }.detach()
    }

    var port: UInt16 { self.listener.port }
    /// Requests with a wrong byte, and the bytes of all.
    var wrongRequestCount: Int { self.wrongCount.load(ordering: .relaxed) }
    var receivedByteCount: Int { self.checkedByteCount.load(ordering: .relaxed) }

    func stop() { self.listener.shutDown() }

    private func serve(_ connection: StreamSocket) {
        defer { connection.close() }
        connection.limitWaiting(toMilliseconds: SoakClient.patienceMilliseconds)
        var header = [UInt8](repeating: 0, count: CheckedRequest.headerByteCount)
        guard unsafe header.withUnsafeMutableBytes({ unsafe connection.receive(filling: $0) }) else { return }
        let request = CheckedRequest(header: header)
        let reception = request.receive(isAnswer: false, from: connection)
        self.checkedByteCount.wrappingAdd(reception.byteCount, ordering: .relaxed)
        if !reception.isRight { self.wrongCount.wrappingAdd(1, ordering: .relaxed) }
        guard reception.isRight, reception.isComplete else { return }
        _ = request.send(isAnswer: true, to: connection)
    }
}
