import PacketPrimitives
import TunnelCore

/// One session of a client of a run, with the server's, and their applications.
final class RunningTunnel {
    let client: SimulatedEnd
    let server: SimulatedEnd
    let start: Instant
    private let clientTraffic: PatternTraffic
    private let serverTraffic: PatternTraffic
    private var hasStarted = false
    private let conversationID: UInt32
    /// Whether it only keeps the messages away from the tunnel before it.
    let isCompanion: Bool
    /// Cached: asking the sessions after every event of everybody else would cost more than the events.
    private(set) var nextTimeout: Instant?

    init(
        _ plan: TrafficPattern.Tunnel, number: Int, of run: RunPlan, material: IncompressibleMaterial, origin: Instant,
        clientHost: SimulatedHost, serverHost: SimulatedHost
    ) {
        self.start = origin.advanced(microseconds: Int(plan.startSeconds * 1e6))
        self.isCompanion = plan.isCompanion
        self.clientTraffic = PatternTraffic(purposes: plan.streams, material: material, start: origin)
        self.serverTraffic = PatternTraffic(purposes: [], material: material, start: origin)
        let seed = run.seed &+ UInt64(number) &* 1000
        self.conversationID = UInt32(truncatingIfNeeded: 0x1234_5678 + number)
        self.client = SimulatedEnd(
            configuration: run.variant.configuration(.client, on: run.scenario),
            application: self.clientTraffic, seed: seed &+ 11, host: clientHost)
        self.server = SimulatedEnd(
            configuration: run.variant.configuration(.server, on: run.scenario),
            application: self.serverTraffic, seed: seed &+ 12, host: serverHost)
        self.nextTimeout = self.start
    }

    func end(_ direction: LinkDirection, isSender: Bool) -> SimulatedEnd {
        (direction == .up) == isSender ? self.client : self.server
    }

    /// What came of the endless data of one direction.
    func meter(_ direction: LinkDirection) -> PayloadMeter {
        direction == .up ? self.serverTraffic.meter : self.clientTraffic.meter
    }

    /// Why its sessions ended, if they did.
    var failures: [SessionFailure] { [self.client.failure, self.server.failure].compactMap(\.self) }

    var messages: MessageLog { self.clientTraffic.messages }

    func handleTimeout(now: Instant) {
        guard let timeout = self.nextTimeout, timeout <= now else { return }
        if !self.hasStarted {
            self.hasStarted = true
            self.client.start(conversationID: self.conversationID, now: now)
        }
        for end in [self.client, self.server] {
            if let timeout = end.nextTimeout, timeout <= now { end.handleTimeout(now: now) }
        }
    }

    /// Sends what is due and notes when to come back. To be called after everything that happens to it.
    func transmit(now: Instant, up: (RawSpan) -> Void, down: (RawSpan) -> Void) {
        self.client.transmit(now: now, up)
        self.server.transmit(now: now, down)
        guard self.hasStarted else { return }
        self.nextTimeout = Instant.earliest(self.client.nextTimeout, self.server.nextTimeout)
    }
}

/// One competing flow of a run.
final class RunningFlow {
    let flow: CompetingFlow
    let direction: LinkDirection
    let start: Instant
    var meter: PayloadMeter
    private var hasStarted = false

    init(_ plan: TrafficPattern.Competitor, origin: Instant) {
        self.start = origin.advanced(microseconds: Int(plan.startSeconds * 1e6))
        self.flow = CompetingFlow(plan.kind, now: self.start)
        self.direction = plan.direction
        self.meter = PayloadMeter(start: origin)
    }

    var nextTimeout: Instant { self.hasStarted ? self.flow.nextTimeout : self.start }

    func handleTimeout(now: Instant) {
        if self.start <= now { self.hasStarted = true }
        if self.hasStarted { self.flow.handleTimeout(now: now) }
    }

    func receive(_ datagram: RawSpan, _ direction: LinkDirection, now: Instant) {
        if direction == self.direction {
            self.meter.add(self.flow.receivePacket(datagram), now: now)
        } else {
            self.flow.receiveAcknowledgement(datagram, now: now)
        }
    }

    /// Sends what is due: `forward` in its own direction, `back` in the other.
    func transmit(now: Instant, forward: (RawSpan, Int) -> Void, back: (RawSpan, Int) -> Void) {
        self.flow.transmitAcknowledgement(back)
        if self.hasStarted { self.flow.transmitPackets(now: now, forward) }
    }
}
