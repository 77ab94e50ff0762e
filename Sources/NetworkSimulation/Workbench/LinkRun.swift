import KCP
import PacketPrimitives
import TunnelCore

/// A run of the workbench: tunnels between a server and its clients' hosts and competing flows on one link, in virtual time.
package final class LinkRun {
    private let plan: RunPlan
    /// The clock's beginning. Not 0, which some layers take for "never".
    private static let origin = Instant(milliseconds: 1000)
    private var now = origin
    private var up: Link
    private var down: Link
    private let tunnels: [RunningTunnel]
    private let flows: [RunningFlow]
    private var recorder = RunRecorder(start: origin)
    /// Who has to send what is due: by tag.
    private var touched: [Bool]
    /// IP bytes that tunnels have sent each way.
    private var wireByteCount: (up: UInt64, down: UInt64) = (0, 0)

    private init(_ plan: RunPlan) {
        self.plan = plan
        self.up = Link(conditions: plan.scenario.conditions(.up, start: Self.origin), seed: plan.seed &+ 1)
        self.down = Link(conditions: plan.scenario.conditions(.down, start: Self.origin), seed: plan.seed &+ 2)
        let material = IncompressibleMaterial(seed: plan.seed &+ 3)
        // What the server knows of each host, and each host of the server.
        let hosts = plan.pattern.tunnels.map { _ in (client: SimulatedHost(), server: SimulatedHost()) }
        let sessions = plan.pattern.tunnels.flatMap {
            $0.sessions(separatesMessages: plan.variant.separatesMessages)
        }
        self.tunnels = sessions.enumerated().map { number, tunnel in
            RunningTunnel(
                tunnel, number: number, of: plan, material: material, origin: Self.origin,
                clientHost: hosts[tunnel.host].client, serverHost: hosts[tunnel.host].server)
        }
        self.flows = plan.pattern.competitors.map { RunningFlow($0, origin: Self.origin) }
        self.touched = [Bool](repeating: false, count: self.tunnels.count + self.flows.count)
    }

    /// Does the run.
    package static func result(of plan: RunPlan) -> RunResult {
        let run = LinkRun(plan)
        run.run()
        return RunResult(
            plan: plan, start: Self.origin, tunnels: run.tunnels, flows: run.flows, recorder: run.recorder)
    }

    private func run() {
        let end = Self.origin.advanced(microseconds: Int(self.plan.measured.upperBound * 1e6))
        while let next = self.nextEvent, next <= end {
            self.record(until: next)
            self.now = max(self.now, next)
            self.step()
        }
        self.record(until: end)
    }

    private var nextEvent: Instant? {
        var next = Instant.earliest(self.up.nextDelivery, self.down.nextDelivery)
        for tunnel in self.tunnels { next = Instant.earliest(next, tunnel.nextTimeout) }
        for flow in self.flows { next = Instant.earliest(next, flow.nextTimeout) }
        return next
    }

    private func step() {
        let now = self.now
        self.up.poll(now: now) { datagram, tag in self.receive(datagram, tag, .up) }
        self.down.poll(now: now) { datagram, tag in self.receive(datagram, tag, .down) }
        for (tag, tunnel) in self.tunnels.enumerated() {
            guard let timeout = tunnel.nextTimeout, timeout <= now else { continue }
            tunnel.handleTimeout(now: now)
            self.touched[tag] = true
        }
        for (number, flow) in self.flows.enumerated() where flow.nextTimeout <= now {
            flow.handleTimeout(now: now)
            self.touched[self.tunnels.count + number] = true
        }
        for tag in self.touched.indices where self.touched[tag] {
            self.touched[tag] = false
            self.transmit(tag)
        }
    }

    private func receive(_ datagram: RawSpan, _ tag: Int, _ direction: LinkDirection) {
        self.touched[tag] = true
        if tag < self.tunnels.count {
            self.tunnels[tag].end(direction, isSender: false).receive(datagram, now: self.now)
        } else {
            self.flows[tag - self.tunnels.count].receive(datagram, direction, now: self.now)
        }
    }

    private func transmit(_ tag: Int) {
        if tag < self.tunnels.count {
            self.tunnels[tag].transmit(
                now: self.now, up: { self.send($0, tag, .up) }, down: { self.send($0, tag, .down) })
        } else {
            let flow = self.flows[tag - self.tunnels.count]
            let opposite: LinkDirection = flow.direction == .up ? .down : .up
            flow.transmit(
                now: self.now, forward: { self.sendForeign($0, $1, tag, flow.direction) },
                back: { self.sendForeign($0, $1, tag, opposite) })
        }
    }

    private func send(_ datagram: RawSpan, _ tag: Int, _ direction: LinkDirection) {
        let byteCount = UInt64(datagram.byteCount + LinkConditions.internetOverheadByteCount)
        switch direction {
        case .up: self.wireByteCount.up += byteCount
        case .down: self.wireByteCount.down += byteCount
        }
        self.sendForeign(datagram, 0, tag, direction)
    }

    private func sendForeign(_ datagram: RawSpan, _ unseen: Int, _ tag: Int, _ direction: LinkDirection) {
        switch direction {
        case .up: self.up.send(datagram, unseenByteCount: unseen, tag: tag, now: self.now)
        case .down: self.down.send(datagram, unseenByteCount: unseen, tag: tag, now: self.now)
        }
    }
}

// MARK: What is recorded

extension LinkRun {
    private func record(until next: Instant) {
        self.recorder.advance(
            to: next,
            queueMicroseconds: { time in
                switch self.plan.pattern.direction {
                case .up: self.up.queueingMicroseconds(now: time)
                case .down: self.down.queueingMicroseconds(now: time)
                }
            },
            snapshot: {
                RunSnapshot(counters: self.counters, roundTrips: self.roundTrips)
            })
    }

    private var counters: RunCounters {
        let direction = self.plan.pattern.direction
        let link = direction == .up ? self.up.statistics : self.down.statistics
        var counters = RunCounters()
        counters.wireByteCount = direction == .up ? self.wireByteCount.up : self.wireByteCount.down
        counters.datagramCount = link.sentDatagrams
        counters.dropCount = link[.fullQueue] + link[.policed]
        counters.strayLossCount = link.lostDatagrams - counters.dropCount
        for tunnel in self.tunnels {
            let sender = tunnel.end(direction, isSender: true)
            counters.segmentCount += UInt64(sender.numberedSegmentCount)
            counters.retransmissionCount += sender.statistics.conversation.retransmittedSegments
            counters.repetitionCount? +=
                tunnel.end(direction, isSender: false).statistics.conversation.repeatedSegments
        }
        return counters
    }

    private var roundTrips: [Double] {
        let direction = self.plan.pattern.direction
        return self.tunnels.filter { !$0.isCompanion }.map {
            Double($0.end(direction, isSender: true).smoothedRoundTripMilliseconds)
        }
            + self.flows.map(\.flow.roundTripMilliseconds)
    }
}
