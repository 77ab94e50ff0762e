import Ciphers
import NIOCore

/// The TCP service behind the tunnel: takes files, gives files, echoes.
struct DemoTarget: Sendable {
    /// Of 127.0.0.1.
    let port: UInt16
    private let listener: NIOAsyncChannel<DemoConnection, Never>
    private let arrived: ArrivedBytes

    /// Binds a port. `arrived` is told of the bytes of a file that is taken.
    static func listen(arrived: ArrivedBytes) async throws -> DemoTarget {
        let listener = try await DemoConnections.listen()
        return DemoTarget(
            port: UInt16(listener.channel.localAddress?.port ?? 0), listener: listener, arrived: arrived)
    }

    /// Serves connections until the task is cancelled.
    func serve() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await self.listener.executeThenClose { connections in
                for try await connection in connections {
                    // A connection that breaks off is noticed by whoever waits for its answer.
                    group.addTask { try? await self.serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: DemoConnection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var incoming = IncomingBytes(inbound)
            guard let bytes = try await incoming.read(DemoRequest.byteCount), let request = DemoRequest(bytes) else {
                return
            }
            switch request {
            case .take:
                try await outbound.write(ByteBuffer(bytes: self.take(&incoming)))
            case .give(let seed, let byteCount):
                try await Self.give(seed: seed, byteCount: byteCount, to: outbound)
            case .echo:
                while let piece = try await incoming.next() { try await outbound.write(piece) }
            }
            // What has been written is sent before the output ends; closing the connection now would drop it.
            outbound.finish()
            while try await incoming.next() != nil {}
        }
    }

    private func take(_ incoming: inout IncomingBytes) async throws -> [UInt8] {
        var digest = SHA256()
        while let piece = try await incoming.next() {
            digest.update(piece.readableBytesSpan)
            self.arrived.add(piece.readableBytes)
        }
        return digest.finish()
    }

    private static func give(
        seed: UInt64, byteCount: Int, to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        var payload = DemoPayload(seed: seed, byteCount: byteCount)
        while let piece = payload.next() { try await outbound.write(piece) }
        try await outbound.write(ByteBuffer(bytes: payload.finish()))
    }
}
