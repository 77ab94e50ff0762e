import Ciphers
import NIOCore

/// SHA-256 of a file where it went in and where it came out.
struct DemoDigests: Hashable, Sendable {
    var sent: [UInt8]
    var received: [UInt8]

    var match: Bool { self.sent == self.received }
}

/// The application at the client's side: carries a file through the tunnel one way or the other.
struct DemoTransfers: Sendable {
    /// The TCP port of 127.0.0.1 where the tunnel begins.
    let entrance: UInt16
    /// Told of the bytes of a file that comes down.
    let arrived: ArrivedBytes

    func carry(_ direction: DemoDirection, seed: UInt64, byteCount: Int) async throws -> DemoDigests {
        let connection = try await DemoConnections.connect(to: self.entrance)
        return try await connection.executeThenClose { inbound, outbound in
            var incoming = IncomingBytes(inbound)
            switch direction {
            case .up: return try await Self.send(seed, byteCount, to: outbound, answer: &incoming)
            case .down:
                try await outbound.write(DemoRequest.give(seed: seed, byteCount: byteCount).bytes)
                return try await self.receive(byteCount, from: &incoming)
            }
        }
    }

    /// Finishes the output behind the file; the answer comes over the half that is still open.
    private static func send(
        _ seed: UInt64, _ byteCount: Int, to outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        answer: inout IncomingBytes
    ) async throws -> DemoDigests {
        try await outbound.write(DemoRequest.take.bytes)
        var payload = DemoPayload(seed: seed, byteCount: byteCount)
        while let piece = payload.next() { try await outbound.write(piece) }
        outbound.finish()
        guard let received = try await answer.read(SHA256.byteCount) else { throw DemoError.cutOff(.up) }
        return DemoDigests(sent: payload.finish(), received: Array(buffer: received))
    }

    private func receive(_ byteCount: Int, from incoming: inout IncomingBytes) async throws -> DemoDigests {
        var digest = SHA256()
        var remaining = byteCount
        while remaining > 0 {
            guard let piece = try await incoming.next(upTo: remaining) else { throw DemoError.cutOff(.down) }
            digest.update(piece.readableBytesSpan)
            remaining -= piece.readableBytes
            self.arrived.add(piece.readableBytes)
        }
        guard let sent = try await incoming.read(SHA256.byteCount) else { throw DemoError.cutOff(.down) }
        return DemoDigests(sent: Array(buffer: sent), received: digest.finish())
    }
}
