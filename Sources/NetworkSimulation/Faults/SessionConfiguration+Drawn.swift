import Ciphers
import KCP
import PacketPrimitives
import Smux
import TunnelCore

extension SessionConfiguration {
    private static let key = KeyDerivation.derive(from: "faults")
    private static let pads: PermutationPads = {
        guard let pads = try? PermutationPads(key: "faults", count: 7) else { preconditionFailure("7 pads are some") }
        return pads
    }()

    /// What the two ends must share is the same for both; the server follows its client in what it can.
    static func drawnPair(_ draw: SeedDraw) -> (client: SessionConfiguration, server: SessionConfiguration) {
        let cipher = draw.pick(CipherSuite.allCases)
        let pads = draw.happens(0.2) ? self.pads : nil
        let timeouts = [draw.pick([4, 10, 30]), draw.pick([4, 10, 30])]
        // The other end waits for the signs of life of this one.
        let interval = max(1, min(timeouts[0], timeouts[1]) / draw.pick([3, 10]))
        func drawn(_ role: TunnelRole, timeout: Int) -> SessionConfiguration {
            self.drawn(draw, role, cipher: cipher, pads: pads, interval: interval, timeout: timeout)
        }
        return (drawn(.client, timeout: timeouts[0]), drawn(.server, timeout: timeouts[1]))
    }

    private static func drawn(
        _ draw: SeedDraw, _ role: TunnelRole, cipher: CipherSuite, pads: PermutationPads?, interval: Int, timeout: Int
    ) -> SessionConfiguration {
        let (dataShards, parityShards) = draw.pick([(0, 0), (0, 0), (10, 3), (3, 1), (1, 1), (20, 4)])
        let mtu = draw.pick([400, 900, 1350, 1350, 1500])
        var configuration = SessionConfiguration(
            role: role, cipher: cipher, derivedKey: self.key, dataShards: dataShards, parityShards: parityShards,
            mtu: mtu,
            conversation: KCP.Configuration(
                profile: draw.pick(Profile.allCases), mtu: mtu, sendWindow: draw.pick([4, 16, 128, 1024]),
                receiveWindow: draw.pick([8, 32, 128, 512]), acknowledgeImmediately: draw.happens(0.3)),
            multiplexer: Smux.Configuration(draw, interval: interval, timeout: timeout),
            usesCompression: draw.happens(0.5), permutation: pads,
            rateLimit: draw.happens(0.1) ? draw.pick([60_000, 500_000]) : nil)
        if draw.happens(0.5) {
            configuration.rules = draw.happens(0.9) ? .modelled : .fixed(bytesPerSecond: 250_000)
            configuration.automatic = draw.happens(0.5) ? [.sendWindow, .receiveWindow, .streamBuffer, .parity] : []
        }
        return configuration
    }

    /// What is not the same in all runs.
    var outline: String {
        let conversation = self.conversation
        let multiplexer = self.multiplexer
        return "\(self.cipher.name) FEC \(self.dataShards)/\(self.parityShards) mtu \(self.mtu)"
            + " windows \(conversation.sendWindow)/\(conversation.receiveWindow)"
            + " interval \(conversation.intervalMilliseconds)\(conversation.noDelay ? " nodelay" : "")"
            + "\(conversation.acknowledgeImmediately ? " acknodelay" : "") smux \(multiplexer.version)"
            + " buffers \(multiplexer.receiveBufferByteCount)/\(multiplexer.streamBufferByteCount)"
            + " frame \(multiplexer.maximumFrameByteCount)"
            + " keepalive \(multiplexer.keepAliveIntervalSeconds)/\(multiplexer.keepAliveTimeoutSeconds) s"
            + "\(self.usesCompression ? "" : " nocomp")\(self.permutation == nil ? "" : " QPP") \(self.rules)"
            + "\(self.automatic.isEmpty ? "" : " automatic")\(self.rateLimit.map { " ratelimit \($0)" } ?? "")"
    }
}

extension Smux.Configuration {
    /// With buffers that are small enough to be filled, in some.
    fileprivate init(_ draw: SeedDraw, interval: Int, timeout: Int) {
        let buffer = draw.pick([2048, 16_384, 65_536, 4_194_304])
        do {
            try self.init(
                version: draw.pick([1, 2]), maximumFrameByteCount: draw.pick([256, 1024, 8192, 65_535]),
                receiveBufferByteCount: buffer, streamBufferByteCount: draw.pick([buffer, buffer / 2]),
                keepAliveIntervalSeconds: interval, keepAliveTimeoutSeconds: timeout)
        } catch {
            preconditionFailure("a drawn configuration is valid: \(error)")
        }
    }
}
