import Ciphers
package import TunnelCore

/// All that a seed decides about a run with faults: settings of both ends, links, what the applications do, and what goes
/// wrong. The same seed is the same run, on every machine.
package struct FaultPlan: Sendable {
    package let seed: UInt64
    package var client: SessionConfiguration
    package var server: SessionConfiguration
    package var towardServer: LinkConditions
    package var towardClient: LinkConditions
    package var streams: [StreamScript]
    package var schedule: FaultSchedule
    /// Whether the server tells who goes on with a session that it has lost, as ours does and the original does not.
    package var serverDisclaims: Bool

    package init(seed: UInt64) {
        let draw = SeedDraw(seed: seed)
        self.seed = seed
        (self.client, self.server) = SessionConfiguration.drawnPair(draw)
        self.towardServer = LinkConditions(faulty: draw, cipher: self.client.cipher)
        self.towardClient = LinkConditions(faulty: draw, cipher: self.client.cipher)
        self.schedule = FaultSchedule(draw)
        self.streams = StreamScript.drawn(draw, within: self.schedule.calmTime)
        self.serverDisclaims = draw.happens(0.8)
    }

    /// Whether so much gets lost that a session may hear nothing for as long as its time-out.
    var isHostile: Bool { self.towardServer.isHostile || self.towardClient.isHostile }
}

extension LinkConditions {
    init(faulty draw: SeedDraw, cipher: CipherSuite) {
        self.init(
            delayMilliseconds: draw.pick([1, 5, 20, 80]),
            jitter: draw.pick([
                .none, .none, .reordering(maximumMicroseconds: 15_000), .inOrder(maximumMicroseconds: 20_000),
            ]),
            rate: draw.pick([nil, 2_000_000, 20_000_000]).map {
                Rate(bitsPerSecond: $0, queueLimit: .milliseconds(draw.pick([50, 200])))
            })
        let loss = draw.pick([0, 0, 0.01, 0.05, 0.2])
        self.faults.append(
            draw.happens(0.2) ? .burstLoss(BurstLoss(loss: loss, meanLength: 8)) : .loss(probability: loss))
        if draw.happens(0.3) { self.faults.append(.duplication(probability: 0.05)) }
        if draw.happens(0.3) { self.faults.append(.lateness(probability: 0.05, delayMicroseconds: 100_000)) }
        // Without a checksum, as with null, damage cannot be told from data.
        guard cipher != .null else { return }
        if draw.happens(0.3) { self.faults.append(.corruption(probability: 0.02)) }
        if draw.happens(0.3) { self.faults.append(.truncation(probability: 0.02)) }
    }

    var isHostile: Bool {
        self.faults.contains { fault in
            switch fault {
            case .loss(let probability): probability > 0.1
            case .burstLoss(let model): model.entering > 0.01
            default: false
            }
        }
    }
}

extension FaultPlan: CustomStringConvertible {
    package var description: String {
        """
        seed \(self.seed)
          client: \(self.client.outline)
          server: \(self.server.outline)\(self.serverDisclaims ? "" : ", does not disclaim")
          toward the server: \(self.towardServer)
          toward the client: \(self.towardClient)
          schedule: \(self.schedule)
          streams: \(self.streams.map { "\n    \($0)" }.joined())
        """
    }
}
