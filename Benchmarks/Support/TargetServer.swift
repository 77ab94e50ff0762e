import Glibc
package import Synchronization

/// What a connection through the tunnel asks of the target with its first byte.
package enum Request: UInt8 {
    /// Send me bytes until I close.
    case download = 0x64
    /// Take my bytes until I close.
    case upload = 0x75
    /// Send back what I send.
    case echo = 0x65
    /// Answer with one byte, then leave the connection open.
    case answerOnce = 0x61
}

/// The service behind the tunnel: source, sink and echo, one thread per connection.
package final class TargetServer: Sendable {
    private let listener: StreamSocket
    private let idleSockets = Mutex<[StreamSocket]>([])
    /// Those that are being served.
    private let openSockets = Mutex<[StreamSocket]>([])
    /// Payload bytes that uploads have brought.
    package let receivedByteCount = Atomic<Int>(0)

    /// A service on 127.0.0.1.
    package convenience init() throws(BenchmarkError) { self.init(listener: try .listening()) }

    /// A service behind a socket that listens.
    package init(listener: StreamSocket) {
        self.listener = listener
        WorkerThread { [self] in
            while let connection = listener.accepted() {
                WorkerThread { self.serve(connection) }.detach()
            }
            listener.close()
        }.detach()
    }

    package var port: UInt16 { listener.port }

    package func closeIdleConnections() {
        let sockets = idleSockets.withLock { sockets in
            defer { sockets = [] }
            return sockets
        }
        for socket in sockets { socket.close() }
    }

    /// Takes no more connections and ends those that there are.
    package func stop() {
        listener.shutDown()
        openSockets.withLock { sockets in for socket in sockets { socket.shutDown() } }
        closeIdleConnections()
    }

    private func serve(_ socket: StreamSocket) {
        openSockets.withLock { $0.append(socket) }
        let isOver = answer(socket)
        openSockets.withLock { $0.removeAll { $0.descriptor == socket.descriptor } }
        if isOver { socket.close() }
    }

    /// Does what the connection asks for; `false` if it stays open.
    private func answer(_ socket: StreamSocket) -> Bool {
        switch socket.receiveByte().flatMap(Request.init) {
        case .download: IncompressibleBytes.shared.pour(into: socket)
        case .upload: socket.drain(counting: receivedByteCount)
        case .echo: socket.echo()
        case .answerOnce:
            guard socket.send(Request.answerOnce.rawValue) else { return true }
            idleSockets.withLock { $0.append(socket) }
            return false
        case nil: break
        }
        return true
    }
}

extension StreamSocket {
    /// Discards what arrives until the connection ends.
    package func drain(counting counter: borrowing Atomic<Int>) {
        while let count = discard() { counter.wrappingAdd(count, ordering: .relaxed) }
    }

    fileprivate func echo() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)
        defer { unsafe buffer.deallocate() }
        while true {
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            guard count > 0, unsafe send(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
        }
    }
}
