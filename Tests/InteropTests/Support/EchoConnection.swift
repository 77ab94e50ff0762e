import Foundation

/// A connection through a tunnel to a target that gives back what it gets.
final class EchoConnection: Sendable {
    private let socket: StreamSocket

    init(_ client: TunnelClient) throws { self.socket = try StreamSocket(connectingTo: client.address) }

    /// Sends a few bytes and waits for them; returns how long that took.
    @discardableResult
    func exchange(seconds: Double) throws -> Double {
        let bytes = Payload.make(seed: .random(in: 0 ... .max), byteCount: 32)
        let deadline = Deadline(seconds: seconds)
        var answer: [UInt8] = []
        let duration = try ContinuousClock().measure {
            try self.socket.write(bytes, deadline)
            answer = try self.socket.read(byteCount: bytes.count, deadline)
        }
        try check(answer == bytes, "other bytes came back")
        return duration / .seconds(1)
    }

    /// Ends it in both directions, now.
    func close() { shutdown(self.socket.descriptor, Int32(SHUT_RDWR)) }

    /// The target's side.
    @Sendable static func serve(_ connection: StreamSocket) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while let count = try? connection.readSome(into: &buffer, limit: buffer.count, Deadline(seconds: 120)),
            count > 0, (try? connection.write(Array(buffer.prefix(count)), Deadline(seconds: 20))) != nil
        {}
    }
}
