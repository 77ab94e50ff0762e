import Ciphers
import ErasureCoding
import KCP
import NetworkSimulation
import PacketPrimitives
import Smux
import Testing
import TunnelCore

/// What a session tells about itself, after a transfer over a simulated link.
@Suite struct SessionFiguresTests {
    private static func configuration(
        _ role: TunnelRole, cipher: CipherSuite = .aes, shards: (Int, Int) = (10, 3), usesCompression: Bool = false
    ) throws -> SessionConfiguration {
        SessionConfiguration(
            role: role, cipher: cipher, derivedKey: KeyDerivation.derive(from: "figures"), dataShards: shards.0,
            parityShards: shards.1, mtu: 1350,
            conversation: KCP.Configuration(
                profile: Profile.allCases[3], mtu: 1350, sendWindow: 256, receiveWindow: 256),
            multiplexer: try Smux.Configuration(version: 2), usesCompression: usesCompression)
    }

    /// A download over a link that loses packets toward the client.
    private static func run(
        cipher: CipherSuite = .aes, shards: (Int, Int) = (10, 3), loss: Double, usesCompression: Bool = false
    ) throws -> SimulatedTunnel {
        let clean = LinkConditions(delayMilliseconds: 20)
        let lossy = LinkConditions(delayMilliseconds: 20, faults: [.loss(probability: loss)])
        let tunnel = SimulatedTunnel(
            client: try Self.configuration(.client, cipher: cipher, shards: shards, usesCompression: usesCompression),
            server: try Self.configuration(.server, cipher: cipher, shards: shards, usesCompression: usesCompression),
            plan: StreamPlan(streamCount: 2, requestByteCount: 1000, responseByteCount: 1_000_000, seed: 3),
            towardServer: clean, towardClient: lossy, seed: 3)
        tunnel.run(seconds: 120)
        return tunnel
    }

    @Test(
        arguments: [
            (.aes, (10, 3), true), (.aes, (0, 0), false), (.aes128GCM, (10, 3), false), (.null, (5, 5), true),
        ] as [(CipherSuite, (Int, Int), Bool)])
    func `the kinds of sent bytes add up to all of them`(
        cipher: CipherSuite, shards: (Int, Int), usesCompression: Bool
    ) throws {
        let tunnel = try Self.run(cipher: cipher, shards: shards, loss: 0.05, usesCompression: usesCompression)
        let statistics = tunnel.server.statistics
        let wire = statistics.wire
        #expect(wire.sent == statistics.session.bytesSent)
        #expect(wire.payload == statistics.conversation.sentPayloadBytes && wire.payload > 0)
        #expect((wire.parity > 0) == (shards.1 > 0))
        #expect(wire.acknowledgement > 0)
        // At least 24 bytes of header for each segment, and the FEC header and the envelope.
        let segments = statistics.conversation.sentSegments - statistics.conversation.sentControlSegments
        #expect(wire.header >= segments * 24 - statistics.conversation.retransmittedSegments * 24)
    }

    @Test func `what one end sends the other receives`() throws {
        let tunnel = try Self.run(loss: 0)
        #expect(tunnel.client.statistics.wire.received == tunnel.server.statistics.wire.sent)
        #expect(tunnel.client.statistics.receivedLoss.lost == 0 && tunnel.server.statistics.sentLoss.lost == 0)
    }

    @Test(arguments: [(10, 3), (0, 0)])
    func `the receiver estimates the loss of the link, with and without FEC`(shards: (Int, Int)) throws {
        let tunnel = try Self.run(shards: shards, loss: 0.08)
        let estimate = tunnel.client.statistics.receivedLoss
        #expect(estimate.sent > 700)
        #expect((0.05...0.11).contains(estimate.ratio), "\(estimate)")
    }

    @Test func `the sender sees the loss that FEC has not mended`() throws {
        let plain = try Self.run(shards: (0, 0), loss: 0.08).server.statistics.sentLoss
        #expect((0.05...0.11).contains(plain.ratio), "\(plain)")
        let mended = try Self.run(loss: 0.08).server.statistics.sentLoss
        #expect(mended.ratio < plain.ratio)
    }

    @Test func `an end that has sent nothing has lost nothing`() {
        #expect(SessionStatistics().sentLoss.ratio == 0 && SessionStatistics().receivedLoss.ratio == 0)
    }

    @Test func `figures name the settings and what was found out`() throws {
        let tunnel = try Self.run(loss: 0.02, usesCompression: true)
        let figures = try #require(tunnel.client.figures)
        #expect(figures.cipher == .aes && figures.smuxVersion == 2 && figures.usesCompression)
        #expect(figures.sentShards == ShardCounts(data: 10, parity: 3))
        #expect(figures.receivedShards?.description == "10/3")
        #expect(figures.isPeerIntroduced)
        #expect(figures.window.configured == 256 && figures.window.peer <= 256)
        let roundTrip = try #require(figures.roundTrip)
        #expect(roundTrip.minimum >= 40 && roundTrip.smoothed >= roundTrip.minimum)
        #expect(figures.memory.errorCorrection > 0 && figures.memory.compression > 0)
    }

    @Test func `an end without FEC adds none`() throws {
        let figures = try #require(try Self.run(shards: (0, 0), loss: 0).server.figures)
        #expect(figures.sentShards == nil && figures.receivedShards == nil)
    }

    @Test func `an ended session leaves its counters but no gauges`() {
        var statistics = SessionStatistics()
        statistics.conversation.timeouts = 3
        (statistics.queuedSegments, statistics.inFlightSegments) = (1, 2)
        (statistics.readySegments, statistics.waitingSegments) = (3, 4)
        statistics.parityDecoder.liveGroups = 5
        statistics.parityDecoder.newestGroup = 6
        let rest = statistics.withoutGauges
        #expect(rest.conversation.timeouts == 3)
        #expect(rest.queuedSegments + rest.inFlightSegments + rest.readySegments + rest.waitingSegments == 0)
        #expect(rest.parityDecoder.liveGroups + rest.parityDecoder.newestGroup == 0)
    }

    @Test func `sums count everything`() {
        var one = SessionStatistics()
        one.waitingSegments = 2
        one.wire.payload = 3
        one.wire.received = 4
        var total = one
        total.add(one)
        #expect(total.waitingSegments == 4 && total.wire.payload == 6 && total.wire.received == 8)
        var memory = SessionFigures.Memory()
        (memory.sending, memory.receiving, memory.errorCorrection, memory.compression) = (1, 2, 3, 4)
        memory += memory
        #expect((memory.sending, memory.receiving, memory.errorCorrection, memory.compression) == (2, 4, 6, 8))
    }
}
