import NIOCore
import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct ClientRemotesTests {
    private let log = RecordingLog()
    private let now = Instant(milliseconds: 1000)
    private let address = PeerAddress.ipv4(0xC000_0201, port: 0)

    private func remotes(_ list: String) throws -> (ClientRemotes, [PortRange]) {
        let ranges = try PortRange.list(list)
        return (ClientRemotes(ranges, lookup: .system, log: self.log.hostLog), ranges)
    }

    @Test func `when a name cannot be looked up any more its last addresses count`() throws {
        let (remotes, ranges) = try self.remotes("a.test:1")
        let failure = AddressError.unresolvable(reason: "no answer")
        #expect(remotes.endpoint(of: ranges[0], after: .failure(failure), now: self.now) == nil)
        let known = RemoteEndpoint(remote: ranges[0], address: self.address)
        #expect(remotes.endpoint(of: ranges[0], after: .success([self.address]), now: self.now) == known)
        #expect(remotes.endpoint(of: ranges[0], after: .failure(failure), now: self.now) == known)
        let line = "a.test: the name cannot be resolved (no answer); going on with 192.0.2.1, known from before"
        #expect(self.log.lines == [line])
    }

    @Test func `a line is said for each change, and none in between`() async throws {
        let (remotes, ranges) = try self.remotes("a.test:1,b.test:2-9")
        let context = try await LocalTunnel.loopContext()
        let endpoints = ranges.compactMap {
            remotes.endpoint(of: $0, after: .success([self.address]), now: self.now)
        }
        let refusal = RemoteFailure.refused("Connection refused")
        try await context.eventLoop.submit {
            for endpoint in endpoints + endpoints {
                remotes.noteFailure(endpoint, refusal, start: context.value.now, loop: context.value)
            }
        }.get()
        #expect(remotes.isHopeless)
        remotes.noteAnswer(endpoints[1], now: self.now)
        remotes.noteAnswer(endpoints[1], now: self.now)
        #expect(!remotes.isHopeless)
        let (first, second) = ("remote a.test:1 (192.0.2.1)", "remote b.test:2-9 (192.0.2.1)")
        #expect(
            self.log.lines == [
                "\(first) failed: Connection refused; using b.test:2-9 (192.0.2.1)",
                "\(second) failed: Connection refused; nothing else is left, so all are tried again and again",
                "\(second) is back after 0.0 s",
            ])
    }

    @Test func `which remotes the settings fit is kept for each`() throws {
        let (remotes, ranges) = try self.remotes("a.test:1,b.test:2")
        remotes.noteSpeaking(ranges[1])
        #expect(ranges.map(remotes.speaks) == [false, true])
    }
}
