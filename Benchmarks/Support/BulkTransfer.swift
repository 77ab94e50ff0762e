import Synchronization

package enum Direction: String, Sendable, CaseIterable {
    case download, upload
}

/// Parallel streams that carry as much as the tunnel takes, until stopped.
package final class BulkTransfer: Sendable {
    private let target: TargetServer
    private let direction: Direction
    private let sockets: [StreamSocket]
    private let threads: Mutex<[WorkerThread]>
    private let downloadedByteCount = Atomic<Int>(0)
    private let uploadedBefore: Int

    /// Over connections to the target, which it closes in the end.
    package init(_ direction: Direction, over sockets: [StreamSocket], to target: TargetServer) {
        self.target = target
        self.direction = direction
        self.sockets = sockets
        threads = Mutex([])
        uploadedBefore = target.receivedByteCount.load(ordering: .relaxed)
        threads.withLock { threads in
            threads = sockets.map { socket in WorkerThread { self.run(socket) } }
        }
    }

    /// Over new connections through a tunnel's port.
    package convenience init(
        _ direction: Direction, streamCount: Int, throughPort port: UInt16, to target: TargetServer
    ) throws(BenchmarkError) {
        var sockets: [StreamSocket] = []
        for _ in 0..<streamCount { sockets.append(try .connected(toPort: port)) }
        self.init(direction, over: sockets, to: target)
    }

    /// Payload that has come out at the other end of the tunnel.
    package var deliveredByteCount: Int {
        switch direction {
        case .download: downloadedByteCount.load(ordering: .relaxed)
        case .upload: target.receivedByteCount.load(ordering: .relaxed) - uploadedBefore
        }
    }

    package func stop() {
        for socket in sockets { socket.shutDown() }
        for thread in threads.withLock({ $0 }) { thread.join() }
        for socket in sockets { socket.close() }
    }

    private func run(_ socket: StreamSocket) {
        switch direction {
        case .download:
            guard socket.send(Request.download.rawValue) else { return }
            socket.drain(counting: downloadedByteCount)
        case .upload:
            guard socket.send(Request.upload.rawValue) else { return }
            IncompressibleBytes.shared.pour(into: socket)
        }
    }
}
