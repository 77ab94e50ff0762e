import Ciphers
import FuzzSupport
import PacketPrimitives
import Smux
import TunnelCore

/// Two sessions and a link that loses, repeats, reorders and damages. Every byte of every stream arrives as it was
/// sent, in order and once; and all of it once the link is good again.
final class TunnelTarget: FuzzTarget {
    static let name = "tunnel"
    static let maximumByteCount = 512
    private let envelopes = EnvelopeSet()
    private let scratch = FrameScratch()
    private var slab = PacketSlab(slotCount: 64)

    /// Those with a checksum; without one, a damaged datagram is as good as any.
    private static let suites = CipherSuite.allCases.filter { $0 != .null }

    static func seeds() throws -> [[UInt8]] {
        (0..<14).map { FuzzSeed.pattern(160, step: 43 + 4 * $0, behind: [UInt8($0), UInt8($0 * 18)]) }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let suite = input.element(of: Self.suites)
        var configuration = try SessionConfiguration(fuzzing: &input, suite: suite)
        configuration.isStrict = false
        var pair = TunnelPair(configuration, envelope: self.envelopes[suite], scratch: self.scratch)
        while !input.isEmpty { try pair.step(&input, slab: &self.slab) }
        try pair.finish(slab: &self.slab)
    }
}

private struct TunnelPair: ~Copyable {
    private var client: TunnelEnd
    private var server: TunnelEnd
    private var now = Instant(milliseconds: 100_000)

    init(_ configuration: SessionConfiguration, envelope: any PacketEnvelope, scratch: FrameScratch) {
        var (client, server) = (configuration, configuration)
        (client.role, server.role) = (.client, .server)
        self.client = TunnelEnd(client, envelope: envelope, scratch: scratch, now: self.now)
        self.server = TunnelEnd(server, envelope: envelope, scratch: scratch, now: self.now)
    }

    mutating func step(_ input: inout FuzzInput, slab: inout PacketSlab) throws(BrokenPromise) {
        let operation = input.byte()
        switch operation & 7 {
        case 0: self.client.open()
        case 1: self.client.write(input.byte(), byteCount: 32 * Int(input.byte()))
        case 2: self.server.write(input.byte(), byteCount: 32 * Int(input.byte()))
        case 3: self.client.finish(input.byte())
        case 4: self.server.finish(input.byte())
        case 5: self.now = self.now.advanced(milliseconds: Int(input.byte()))
        case 6: self.client.reads = operation & 8 != 0
        default: self.server.reads = operation & 8 != 0
        }
        try self.exchange(slab: &slab) { input.byte() }
    }

    /// With a link that is good. A session may have given up while it was not.
    mutating func finish(slab: inout PacketSlab) throws(BrokenPromise) {
        (self.client.reads, self.server.reads) = (true, true)
        for _ in 0..<20_000 {
            try self.exchange(slab: &slab) { 0 }
            if self.client.isSilent || self.server.isSilent { return }
            if self.client.hasAll(of: self.server), self.server.hasAll(of: self.client) { return }
            // Without a timer something may still be due: the answer to what has just arrived.
            let next = Instant.earliest(self.client.nextTimeout, self.server.nextTimeout) ?? self.now
            self.now = max(self.now, next).advanced(milliseconds: 1)
        }
        throw BrokenPromise("not all that was sent has arrived")
    }

    private mutating func exchange(slab: inout PacketSlab, fate: () -> UInt8) throws(BrokenPromise) {
        try self.client.send(to: &self.server, slab: &slab, now: self.now, fate: fate)
        try self.server.send(to: &self.client, slab: &slab, now: self.now, fate: fate)
    }
}

/// A session with its application, and the link that leads away from it.
private struct TunnelEnd: ~Copyable {
    private var session: TunnelSession
    private let envelope: any PacketEnvelope
    private let application = StreamTally()
    private var link = HostileLink()
    var reads = true

    init(_ configuration: SessionConfiguration, envelope: any PacketEnvelope, scratch: FrameScratch, now: Instant) {
        self.envelope = envelope
        self.session = TunnelSession(
            conversationID: 1, configuration: configuration, envelope: envelope, scratch: scratch, now: now,
            clientUsesShards: configuration.usesParity, path: configuration.makePath(now: now))
    }

    var nextTimeout: Instant? { self.session.nextTimeout }
    /// It has heard nothing for too long.
    var isSilent: Bool { self.session.failure == .multiplexer(.peerSilent) }

    func hasAll(of other: borrowing TunnelEnd) -> Bool { self.application.hasAll(of: other.application) }

    mutating func open() {
        guard self.application.openCount < 4, let id = self.session.openStream() else { return }
        self.application.streamOpened(id)
    }

    mutating func write(_ choice: UInt8, byteCount: Int) {
        guard let id = self.application.writableStream(choice) else { return }
        self.session.announce(id, byteCount: self.application.announce(id, byteCount: byteCount))
    }

    mutating func finish(_ choice: UInt8) {
        guard let id = self.application.writableStream(choice) else { return }
        self.application.finish(id)
        self.session.finish(id)
    }

    mutating func send(to other: inout TunnelEnd, slab: inout PacketSlab, now: Instant, fate: () -> UInt8)
        throws(BrokenPromise)
    {
        self.session.handleTimeout(now: now)
        if self.reads {
            for (id, byteCount) in self.application.takeHeld() {
                self.session.consumed(id, byteCount: byteCount, now: now, sink: self.application)
            }
        }
        for _ in 0..<4096 {
            slab.removeAll()
            guard self.session.pollDatagrams(into: &slab, now: now, source: self.application) > 0 else { break }
            for index in 0..<slab.count {
                self.link.send([UInt8](copying: slab.bytes(at: index)), fate: fate(), damaging: true)
            }
        }
        if fate() == 0 { self.link.release() }
        for datagram in self.link.takeArrivals() { other.receive(datagram, now: now) }
        try promise(
            self.session.failure == nil || self.isSilent, "the session has failed: \(self.session.failure!)")
        if let failure = other.application.failure { throw BrokenPromise(failure) }
    }

    private mutating func receive(_ datagram: [UInt8], now: Instant) {
        var slab = PacketSlab(holding: datagram)
        _ = self.envelope.open(&slab, from: 0)
        self.session.handlePackets(slab, 0..<1, now: now, sink: self.application)
    }
}
