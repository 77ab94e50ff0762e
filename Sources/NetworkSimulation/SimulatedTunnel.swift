package import PacketPrimitives
package import TunnelCore

/// A client and a server session with a link between them, run in virtual time until their streams are carried.
package final class SimulatedTunnel {
    package let client: SimulatedEnd
    package let server: SimulatedEnd
    /// What the two ends' applications have seen.
    package let clientTraffic: PlannedTraffic
    package let serverTraffic: PlannedTraffic
    package private(set) var now = Instant(milliseconds: 1000)
    private let streamCount: Int
    private var towardServer: Link
    private var towardClient: Link

    package init(
        client: SessionConfiguration, server: SessionConfiguration, plan: StreamPlan, towardServer: LinkConditions,
        towardClient: LinkConditions, seed: UInt64
    ) {
        self.clientTraffic = PlannedTraffic(plan: plan)
        self.serverTraffic = PlannedTraffic(plan: plan)
        self.streamCount = plan.streamCount
        self.client = SimulatedEnd(configuration: client, application: self.clientTraffic, seed: seed &+ 1)
        self.server = SimulatedEnd(configuration: server, application: self.serverTraffic, seed: seed &+ 2)
        self.towardServer = Link(conditions: towardServer, seed: seed &+ 3)
        self.towardClient = Link(conditions: towardClient, seed: seed &+ 4)
    }

    /// Whether all planned streams have been carried, both ways, to their ends.
    package var isComplete: Bool {
        [self.clientTraffic, self.serverTraffic].allSatisfy { traffic in
            traffic.streams.count == self.streamCount && traffic.streams.values.allSatisfy(\.isComplete)
        }
    }

    package var linkStatistics: (towardServer: LinkStatistics, towardClient: LinkStatistics) {
        (self.towardServer.statistics, self.towardClient.statistics)
    }

    /// Runs until everything has been carried, an end fails, or `seconds` of virtual time have passed.
    package func run(seconds: Int, conversationID: UInt32 = 0x1234_5678) {
        let end = self.now.advanced(milliseconds: seconds * 1000)
        self.client.start(conversationID: conversationID, now: self.now)
        self.transmit()
        while !self.isComplete, self.client.failure == nil, self.server.failure == nil {
            guard let next = self.nextEvent, next <= end else { return }
            self.now = max(self.now, next)
            self.step()
        }
    }

    private var nextEvent: Instant? {
        let timers = Instant.earliest(self.client.nextTimeout, self.server.nextTimeout)
        return Instant.earliest(timers, .earliest(self.towardServer.nextDelivery, self.towardClient.nextDelivery))
    }

    private func step() {
        let now = self.now
        self.towardServer.poll(now: now) { datagram, _ in self.server.receive(datagram, now: now) }
        self.towardClient.poll(now: now) { datagram, _ in self.client.receive(datagram, now: now) }
        for end in [self.client, self.server] {
            if let timeout = end.nextTimeout, timeout <= now { end.handleTimeout(now: now) }
        }
        self.transmit()
    }

    private func transmit() {
        let now = self.now
        self.client.transmit(now: now) { self.towardServer.send($0, now: now) }
        self.server.transmit(now: now) { self.towardClient.send($0, now: now) }
    }
}
