import Foundation
import Testing

/// With rate control a client keeps new streams away from transfers.
@Suite struct LanesTests {
    private static let pairs = Pair.available.filter { $0.client == .ours }

    private static func sessionCount(_ client: TunnelClient) -> Int {
        client.process.standardError.components(separatedBy: "on connection:").count - 1
    }

    @Test(.enabled(if: Program.oursIsReal), arguments: pairs)
    func `a stream beside a transfer gets a session of its own, and both work`(pair: Pair) async throws {
        let target = try EndlessOrEcho()
        defer { target.stop() }
        let flags = Tunnel.Flags(both: ["-smuxver", "1"], client: ["-cc", "auto"])
        try await withTunnel(pair, flags, target: target.address.description) { _, client in
            let transfer = try Transfer(through: client)
            defer { transfer.stop() }
            try transfer.waitFor(byteCount: 2 << 20)
            try Self.exchangeMessages(through: client)
            try check(Self.sessionCount(client) == 2, "\(Self.sessionCount(client)) sessions: \(client.process.report)")
            let before = transfer.byteCount
            try Self.exchangeMessages(through: client)
            try transfer.waitFor(byteCount: before + 1 << 20)
            // A stream that the other end has not closed yet may keep the next one away.
            let sessionCount = Self.sessionCount(client)
            try check((2...3).contains(sessionCount), "\(sessionCount) sessions: \(client.process.report)")
        }
    }

    @Test(.enabled(if: Program.oursIsReal)) func `by the original's rules all streams share one session`() async throws
    {
        let target = try EndlessOrEcho()
        defer { target.stop() }
        let flags = Tunnel.Flags(both: ["-cc", "off"])
        try await withTunnel(.oursAtBothEnds, flags, target: target.address.description) { _, client in
            let transfer = try Transfer(through: client)
            defer { transfer.stop() }
            try transfer.waitFor(byteCount: 2 << 20)
            try Self.exchangeMessages(through: client)
            try check(Self.sessionCount(client) == 1, "\(Self.sessionCount(client)) sessions: \(client.process.report)")
        }
    }

    private static func exchangeMessages(through client: TunnelClient) throws {
        let connection = try StreamSocket(connectingTo: client.address)
        for number in 0..<20 {
            let message = [EndlessOrEcho.echo] + Payload.make(seed: UInt64(number), byteCount: 127)
            try connection.write(message, Deadline(seconds: 20))
            let answer = try connection.read(byteCount: message.count, Deadline(seconds: 20))
            try check(answer == message, "message \(number) came back otherwise")
        }
    }
}

/// A download that goes on until it is stopped, some megabytes a second.
private final class Transfer: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    private var isStopped = false

    init(through client: TunnelClient) throws {
        let connection = try StreamSocket(connectingTo: client.address)
        try connection.write([EndlessOrEcho.endless], Deadline(seconds: 20))
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            let deadline = Deadline(seconds: 120)
            while !self.lock.withLock({ self.isStopped }),
                let received = try? connection.readSome(into: &buffer, limit: 65536, deadline), received > 0
            {
                self.lock.withLock { self.count += received }
                usleep(5000)
            }
        }
    }

    var byteCount: Int { self.lock.withLock { self.count } }

    func waitFor(byteCount: Int) throws {
        let hasCome = waitUntil(Deadline(seconds: 60)) { self.byteCount >= byteCount }
        try check(hasCome, "\(self.byteCount) of \(byteCount) bytes have come")
    }

    func stop() { self.lock.withLock { self.isStopped = true } }
}

/// A target that sends without end if the first byte says so, or else sends back what comes.
private final class EndlessOrEcho: Sendable {
    static let endless: UInt8 = 1
    static let echo: UInt8 = 0

    private let listener: StreamListener

    init() throws {
        self.listener = try StreamListener(at: .ipv4(FreePort.take())) { connection in
            let deadline = Deadline(seconds: 120)
            var buffer = [UInt8](repeating: 0, count: 65536)
            var isFirst = true
            while let received = try? connection.readSome(into: &buffer, limit: 65536, deadline), received > 0 {
                if isFirst, buffer[0] == Self.endless { return Self.sendWithoutEnd(to: connection, deadline) }
                isFirst = false
                guard (try? connection.write(Array(buffer.prefix(received)), deadline)) != nil else { return }
            }
        }
    }

    private static func sendWithoutEnd(to connection: StreamSocket, _ deadline: Deadline) {
        let bytes = Payload.make(seed: 3, byteCount: 65536)
        while (try? connection.write(bytes, deadline)) != nil {}
    }

    var address: StreamAddress { self.listener.address }

    func stop() { self.listener.stop() }
}
