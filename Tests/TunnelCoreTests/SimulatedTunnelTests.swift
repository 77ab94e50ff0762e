import Ciphers
import KCP
import NetworkSimulation
import PacketPrimitives
import Smux
import Testing
import TunnelCore

/// Two endpoints, a virtual clock and a bad network: every byte arrives, once, in order, whatever the settings.
struct SimulatedTunnelTests {
    /// What one seed decides.
    struct Draw: CustomStringConvertible {
        var seed: UInt64
        var cipher: CipherSuite
        var profile: Profile
        var clientShards: (Int, Int)
        var serverShards: (Int, Int)
        var smuxVersion: Int
        var usesCompression: Bool
        var windows: (Int, Int)
        var streamCount: Int
        var requestByteCount: Int
        var responseByteCount: Int
        var link: LinkConditions

        init(seed: UInt64) {
            let random = SeededRandomSource(seed: seed)
            func pick<T>(_ values: [T]) -> T { values[Int(random.next() % UInt64(values.count))] }
            self.seed = seed
            self.cipher = pick(CipherSuite.allCases)
            self.profile = pick(Array(Profile.allCases))
            let ratios = [(10, 3), (0, 0), (5, 5), (3, 1), (1, 1), (20, 4)]
            self.clientShards = pick(ratios)
            self.serverShards = pick(ratios)
            self.smuxVersion = pick([1, 2])
            self.usesCompression = pick([true, false])
            self.windows = pick([(32, 32), (128, 512), (1024, 1024)])
            self.streamCount = pick([1, 2, 5, 20])
            self.requestByteCount = pick([0, 1, 100, 10_000, 60_000])
            self.responseByteCount = pick([0, 1, 5000, 80_000])
            var faults: [LinkFault] = [.loss(probability: pick([0, 0.01, 0.05, 0.2]))]
            if pick([true, false]) { faults.append(.duplication(probability: 0.05)) }
            // Without a checksum, as with null, damage cannot be told from data.
            if self.cipher != .null, pick([true, false]) { faults.append(.corruption(probability: 0.01)) }
            self.link = LinkConditions(
                delayMilliseconds: pick([1, 10, 40, 100]),
                jitter: pick([.none, .reordering(maximumMicroseconds: 15_000), .inOrder(maximumMicroseconds: 20_000)]),
                rate: pick([nil, LinkConditions.Rate(bitsPerSecond: 20_000_000, queueLimit: .milliseconds(100))]),
                faults: faults)
        }

        var description: String {
            "seed \(self.seed): \(self.cipher.name) \(self.profile.name) FEC \(self.clientShards)/\(self.serverShards) smux \(self.smuxVersion)"
                + " compression \(self.usesCompression) windows \(self.windows) streams \(self.streamCount)"
                + " bytes \(self.requestByteCount)/\(self.responseByteCount) link \(self.link)"
        }

        /// The ends that have a path controller.
        var controlled: [TunnelRole] = []

        func configuration(_ role: TunnelRole) throws -> SessionConfiguration {
            let shards = role == .client ? self.clientShards : self.serverShards
            var configuration = SessionConfiguration(
                role: role, cipher: self.cipher, derivedKey: SimulatedTunnelTests.key, dataShards: shards.0,
                parityShards: shards.1, mtu: 1350,
                conversation: KCP.Configuration(
                    profile: self.profile, mtu: 1350, sendWindow: self.windows.0, receiveWindow: self.windows.1),
                multiplexer: try Smux.Configuration(version: self.smuxVersion),
                usesCompression: self.usesCompression)
            configuration.rules = self.controlled.contains(role) ? .modelled : .original
            return configuration
        }
    }

    private static let key = KeyDerivation.derive(from: "simulation")

    @Test(arguments: UInt64(1)...240)
    func `every stream arrives complete, once and in order`(seed: UInt64) throws {
        try self.expectAllArrives(Draw(seed: seed))
    }

    @Test(arguments: UInt64(1)...240)
    func `every stream arrives with path controllers at one end or both`(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        draw.controlled = [[.client], [.server], [.client, .server]][Int(seed % 3)]
        try self.expectAllArrives(draw)
    }

    private func expectAllArrives(_ draw: Draw) throws {
        let seed = draw.seed
        let tunnel = SimulatedTunnel(
            client: try draw.configuration(.client), server: try draw.configuration(.server),
            plan: StreamPlan(
                streamCount: draw.streamCount, requestByteCount: draw.requestByteCount,
                responseByteCount: draw.responseByteCount, seed: seed),
            towardServer: draw.link, towardClient: draw.link, seed: seed)
        tunnel.run(seconds: 600)
        // What #expect prints of a failed comparison it copies, which a tunnel does not allow: plain values only.
        let (clientFailure, serverFailure, isComplete) = (
            tunnel.client.failure, tunnel.server.failure, tunnel.isComplete
        )
        #expect(clientFailure == nil, "\(draw)")
        #expect(serverFailure == nil, "\(draw)")
        for traffic in [tunnel.clientTraffic, tunnel.serverTraffic] {
            for stream in traffic.streams.values {
                #expect(stream.firstWrongOffset == nil, "stream \(stream.id): \(draw)")
                #expect(stream.receivedByteCount == stream.expectedByteCount, "stream \(stream.id): \(draw)")
            }
        }
        #expect(isComplete, "\(draw)")
    }

    @Test(arguments: UInt64(1001)...1060)
    func `a server with other settings carries the same`(seed: UInt64) throws {
        let draw = Draw(seed: seed)
        var server = try draw.configuration(.server)
        server.multiplexer = try Smux.Configuration(version: 3 - draw.smuxVersion)
        server.usesCompression.toggle()
        let tunnel = SimulatedTunnel(
            client: try draw.configuration(.client), server: server,
            plan: StreamPlan(
                streamCount: draw.streamCount, requestByteCount: draw.requestByteCount,
                responseByteCount: draw.responseByteCount, seed: seed),
            towardServer: draw.link, towardClient: draw.link, seed: seed)
        tunnel.run(seconds: 600)
        let (clientFailure, serverFailure, isComplete) = (
            tunnel.client.failure, tunnel.server.failure, tunnel.isComplete
        )
        #expect(clientFailure == nil, "\(draw)")
        #expect(serverFailure == nil, "\(draw)")
        #expect(isComplete, "\(draw)")
    }

    @Test func `the same seed gives the same run`() throws {
        func run() throws -> (Instant, LinkStatistics) {
            let draw = Draw(seed: 7)
            let tunnel = SimulatedTunnel(
                client: try draw.configuration(.client), server: try draw.configuration(.server),
                plan: StreamPlan(streamCount: 3, requestByteCount: 30_000, responseByteCount: 30_000, seed: 7),
                towardServer: draw.link, towardClient: draw.link, seed: 7)
            tunnel.run(seconds: 600)
            return (tunnel.now, tunnel.linkStatistics.towardServer)
        }
        let first = try run()
        let second = try run()
        #expect(first == second)
    }
}
