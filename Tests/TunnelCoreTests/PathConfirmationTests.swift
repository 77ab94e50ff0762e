import KCP
import PacketPrimitives
import Testing

@testable import TunnelCore

/// A server's session that finds out whether its peer receives at another address.
@Suite struct PathConfirmationTests {
    private static let candidate = PeerAddress.ipv4(1, port: 2)

    private let pair: SessionPair
    private var watch = PathWatch()

    init() throws {
        self.pair = SessionPair(
            client: try SessionPair.configuration(.client), server: try SessionPair.configuration(.server))
        _ = self.pair.client.openStream()
        self.pair.run(milliseconds: 200)
    }

    /// The packets with which the client answers the question.
    private func answer() -> PacketSlab {
        var question = PacketSlab(slotCount: 1)
        self.pair.server.askPath(token: 0xDEAD_BEEF, into: &question, now: self.pair.now)
        self.pair.client.handlePackets(question, 0..<1, now: self.pair.now, sink: self.pair.clientSide)
        let later = self.pair.now.advanced(milliseconds: 20)
        self.pair.client.handleTimeout(now: later)
        var answer = PacketSlab(slotCount: 128)
        let count = self.pair.client.pollDatagrams(into: &answer, now: later, source: self.pair.clientSide)
        #expect(count > 0)
        return answer
    }

    /// Gives the server packets that come from the candidate, some time after the last that came from its peer.
    private mutating func step(_ packets: borrowing PacketSlab, milliseconds: Int) -> PathWatch.Step {
        let now = self.pair.now.advanced(milliseconds: milliseconds)
        let hasAnswered = self.pair.server.handlePackets(
            fromCandidate: packets, 0..<packets.count, now: now, sink: self.pair.serverSide)
        return self.watch.step(Self.candidate, hasAnswered: hasAnswered, lastHeard: self.pair.now, now: now)
    }

    @Test mutating func `an answer from the address in doubt counts`() {
        let first = self.step(PacketSlab(slotCount: 1), milliseconds: 10)
        let second = self.step(self.answer(), milliseconds: 200)
        #expect([first, second] == [.ask, .move])
    }

    /// Somebody there has passed the question on to the peer, and a packet of the peer to us.
    @Test mutating func `an answer from the peer's address does not`() {
        let first = self.step(PacketSlab(slotCount: 1), milliseconds: 10)
        let answer = self.answer()
        self.pair.server.handlePackets(answer, 0..<answer.count, now: self.pair.now, sink: self.pair.serverSide)
        let second = self.step(PacketSlab(slotCount: 1), milliseconds: 200)
        #expect([first, second] == [.ask, .ask])
        let third = self.step(self.answer(), milliseconds: 400)
        #expect(third == .move)
    }
}
