import Foundation
import Testing

/// A program that is asked to leave delivers first what it has accepted.
@Suite(.enabled(if: Program.oursIsReal, "these are promises of our programs only")) struct LeavingTests {
    enum Role: CaseIterable {
        case client, server

        func process(_ tunnel: Tunnel, _ client: TunnelClient) -> ChildProcess {
            self == .client ? client.process : tunnel.server
        }
    }

    /// Much time to leave, and so little rate that the streams need some of it.
    private static let slow = Tunnel.Flags(both: ["-ratelimit", "1500000", "-closewait", "120"])

    @Test(arguments: Role.allCases, [SIGTERM, SIGINT])
    func `streams at work come to their end, and nothing new begins`(role: Role, signal: Int32) async throws {
        try await withTunnel(.oursAtBothEnds, Self.slow) { tunnel, client in
            let load = try Load.start((0..<6).map { _ in Exchange(byteCount: 300 << 10) }, tunnel, client)
            let process = role.process(tunnel, client)
            process.send(signal)
            try process.waitForLog(["leaving: "])
            let isRefused = waitUntil(Deadline(seconds: 20)) {
                (try? Exchange(byteCount: 10).run(through: client.address, Deadline(seconds: 20))) == nil
            }
            try check(isRefused, "a new stream is carried")
            try load.finish()
            let ending = try process.waitForEnd(seconds: 60)
            try check(ending == .exit(0), "\(ending): \(process.report)")
            try check(process.standardError.contains("everything was delivered"), process.report)
        }
    }

    /// An upload that would go on for ever is cut, but not before what was read of it has arrived.
    @Test(arguments: Role.allCases) func `what was accepted arrives before a stream is cut`(role: Role) async throws {
        let sink = try UploadSink()
        defer { sink.stop() }
        let flags = Tunnel.Flags(client: ["-ratelimit", "3000000"], server: ["-closewait", "0"])
        try await withTunnel(.oursAtBothEnds, flags, target: sink.address.description) { tunnel, client in
            let upload = try EndlessUpload(to: client.address)
            try check(waitUntil(Deadline(seconds: 20)) { sink.byteCount > 500_000 }, "nothing arrives")
            let process = role.process(tunnel, client)
            process.send(SIGTERM)
            let ending = try process.waitForEnd(seconds: 60)
            try check(ending == .exit(0), "\(ending): \(process.report)")
            let written = upload.finish()
            try check(sink.isRight, "other bytes have arrived than were sent")
            try check(sink.byteCount <= written, "more has arrived than was sent")
            try check(waitUntil(Deadline(seconds: 20)) { role == .server || sink.hasEnded }, "the end did not arrive")
        }
    }

    @Test(arguments: Role.allCases) func `idle streams are not waited for`(role: Role) async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-closewait", "600"])) { tunnel, client in
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([1], Deadline(seconds: 5))
            try client.process.waitForLog(["stream opened"])
            let process = role.process(tunnel, client)
            process.send(SIGTERM)
            let ending = try process.waitForEnd(seconds: 120)
            try check(ending == .exit(0), "\(ending): \(process.report)")
            var buffer: [UInt8] = [0]
            let count = try connection.readSome(into: &buffer, limit: 1, Deadline(seconds: 20))
            try check(count == 0, "the application is not told that the stream has ended")
        }
    }

    @Test func `a second signal ends it at once`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-closewait", "600"])) { tunnel, client in
            tunnel.server.send(SIGKILL)
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([1, 2, 3], Deadline(seconds: 5))
            try client.process.waitForLog(["stream opened"])
            client.process.send(SIGTERM)
            try client.process.waitForLog(["leaving: "])
            usleep(1_500_000)
            try check(client.process.endingIfEnded == nil, "it did not wait for what it has to deliver")
            client.process.send(SIGTERM)
            let ending = try client.process.waitForEnd(seconds: 60)
            try check(ending == .exit(1), "\(ending): \(client.process.report)")
            try check(client.process.standardError.contains("a second signal"), client.process.report)
        }
    }

    @Test func `the time to leave has an end`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags()) { tunnel, client in
            tunnel.server.send(SIGKILL)
            let connection = try StreamSocket(connectingTo: client.address)
            try connection.write([1, 2, 3], Deadline(seconds: 5))
            try client.process.waitForLog(["stream opened"])
            client.process.send(SIGTERM)
            let ending = try client.process.waitForEnd(seconds: 120)
            try check(ending == .exit(1), "\(ending): \(client.process.report)")
            try check(client.process.standardError.contains("could not deliver everything"), client.process.report)
        }
    }

    @Test func `a sign of life that nobody answers is not waited for`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-closewait", "600", "-keepalive", "1"])) {
            tunnel, client in
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            // The stream's end has to arrive before.
            sleep(2)
            tunnel.server.send(SIGKILL)
            sleep(3)
            client.process.send(SIGTERM)
            let ending = try client.process.waitForEnd(seconds: 60)
            try check(ending == .exit(0), "\(ending): \(client.process.report)")
        }
    }

    /// It has had all that it was to get, but has not said so of the last stream's end.
    @Test func `a client that has gone is not waited for`() async throws {
        try await withTunnel(.oursAtBothEnds, Tunnel.Flags(both: ["-closewait", "600"])) { tunnel, client in
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            client.process.send(SIGKILL)
            tunnel.server.send(SIGTERM)
            let ending = try tunnel.server.waitForEnd(seconds: 60)
            try check(ending == .exit(0), "\(ending): \(tunnel.server.report)")
        }
    }

    @Test func `the file of a unix socket goes with the client`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "kcptun-\(UUID().uuidString.prefix(8))")
            .path()
        try await withTunnel(.oursAtBothEnds, listen: .unix(path)) { _, client in
            try client.run([Exchange(byteCount: 1000)], seconds: 30)
            client.process.send(SIGTERM)
            let ending = try client.process.waitForEnd(seconds: 60)
            try check(ending == .exit(0), "\(ending): \(client.process.report)")
            try check(!FileManager.default.fileExists(atPath: path), "the file is still there")
        }
    }
}

/// A target that takes a stream of numbered bytes and looks whether they are right.
private final class UploadSink: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    private var isExact = true
    private var isOver = false
    private var listener: StreamListener?

    init() throws {
        self.listener = try StreamListener(at: .ipv4(FreePort.take())) { [weak self] in self?.take($0) }
    }

    var address: StreamAddress { self.listener?.address ?? .ipv4(0) }
    var byteCount: Int { self.lock.withLock { self.count } }
    var isRight: Bool { self.lock.withLock { self.isExact } }
    var hasEnded: Bool { self.lock.withLock { self.isOver } }

    func stop() { self.listener?.stop() }

    private func take(_ connection: StreamSocket) {
        let deadline = Deadline(seconds: 120)
        var buffer = [UInt8](repeating: 0, count: 65536)
        while let received = try? connection.readSome(into: &buffer, limit: buffer.count, deadline), received > 0 {
            self.lock.withLock {
                let start = self.count
                if (0..<received).contains(where: { buffer[$0] != EndlessUpload.byte(at: start + $0) }) {
                    self.isExact = false
                }
                self.count += received
            }
        }
        self.lock.withLock { self.isOver = true }
    }
}

/// An application that sends numbered bytes until nobody takes them any more.
private final class EndlessUpload: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var writtenByteCount = 0

    static func byte(at position: Int) -> UInt8 { UInt8(truncatingIfNeeded: position &* 31 &+ position >> 8) }

    init(to address: StreamAddress) throws {
        let connection = try StreamSocket(connectingTo: address)
        Thread.detachNewThread {
            while (try? connection.write(self.nextPiece(), Deadline(seconds: 60))) != nil {}
            self.done.signal()
        }
    }

    private func nextPiece() -> [UInt8] {
        let start = self.writtenByteCount
        self.writtenByteCount += 16384
        return (start..<start + 16384).map(Self.byte)
    }

    /// Waits for its end; returns how many bytes it has tried to write.
    func finish() -> Int {
        self.done.wait()
        return self.writtenByteCount
    }
}
