import Ciphers
import FuzzSupport
import KCP
import PacketPrimitives
import Smux
import TestSupport
import TunnelCore

/// Datagrams through all layers of one session: envelope, FEC, KCP, snappy, smux. The peer knows the key and says
/// whatever the input wants on the layer that it wants; the application answers or does not. Memory keeps to the
/// windows, what we send can be opened, and no timer is due for ever.
final class SessionTarget: FuzzTarget {
    static let name = "session"
    private let envelopes = EnvelopeSet()
    private let scratch = FrameScratch()
    private var slab = PacketSlab(slotCount: 48)

    static func seeds() throws -> [[UInt8]] {
        let envelopes = EnvelopeSet()
        let recorded = try Vectors.names(in: "sessions").compactMap { name in
            try Self.seed(of: Vectors.load("sessions/\(name)"), envelopes)
        }
        return recorded
            + (0..<15).map { FuzzSeed.pattern(300, step: 31 + 2 * $0, behind: [UInt8($0), UInt8($0 * 17)]) }
    }

    private struct Recording: Decodable {
        struct Datagram: Decodable { var dir: String, data: Hex }
        var key: String, clientArgs: [String], datagrams: [Datagram]
    }

    /// What the client of a recorded session said, without its envelope.
    private static func seed(of recording: Recording, _ envelopes: EnvelopeSet) -> [UInt8]? {
        let words = recording.clientArgs
        let name = words.firstIndex { $0.hasSuffix("crypt") }.map { words[$0 + 1] } ?? "aes"
        guard let suite = CipherSuite(name: name), let index = CipherSuite.allCases.firstIndex(of: suite) else {
            return nil
        }
        var seed = FuzzSeed([UInt8(index), 0])
        for datagram in recording.datagrams where datagram.dir == "c2s" {
            var slab = PacketSlab(holding: datagram.data.bytes)
            guard envelopes[suite].open(&slab, from: 0).opened == 1 else { continue }
            seed.append(SessionRun.Operation.packet.rawValue)
            seed.append(chunk: [UInt8](copying: slab.bytes(at: 0)))
        }
        return Array(seed.bytes.prefix(Self.maximumByteCount))
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let suite = input.element(of: CipherSuite.allCases)
        let configuration = try SessionConfiguration(fuzzing: &input, suite: suite)
        var run = SessionRun(configuration, envelope: self.envelopes[suite], scratch: self.scratch)
        while !input.isEmpty { try run.step(&input, slab: &self.slab) }
    }
}

extension SessionConfiguration {
    /// With windows that are small enough to be filled.
    init(fuzzing input: inout FuzzInput, suite: CipherSuite) throws(BrokenPromise) {
        let flags = input.byte()
        do {
            self.init(
                role: flags & 1 == 0 ? .server : .client, cipher: suite, derivedKey: [],
                dataShards: flags & 2 == 0 ? 0 : 3,
                parityShards: 2, mtu: 400,
                conversation: KCP.Configuration(profile: .fast3, mtu: 400, sendWindow: 32, receiveWindow: 32),
                multiplexer: try Smux.Configuration(
                    version: flags & 4 == 0 ? 1 : 2, maximumFrameByteCount: 1024, receiveBufferByteCount: 16384,
                    streamBufferByteCount: 8192, maximumStreamCount: 8),
                usesCompression: flags & 8 == 0, isStrict: flags & 16 != 0)
        } catch { throw BrokenPromise("the configuration is valid: \(error)") }
        self.rules = flags & 32 == 0 ? .original : .modelled
    }
}

private struct SessionRun: ~Copyable {
    fileprivate enum Operation: UInt8, CaseIterable {
        case packet, datagram, stream, frame, shard, replay, time, timer, poll, open, announce, finish, stopReading,
            abandon, consume
    }

    private let configuration: SessionConfiguration
    private let envelope: any PacketEnvelope
    private let scratch: FrameScratch
    private let application = StreamLedger()
    private var forger: PacketForger
    private var session: TunnelSession?
    private var now = Instant(milliseconds: 100_000)
    private var earlier: [[UInt8]] = []

    init(_ configuration: SessionConfiguration, envelope: any PacketEnvelope, scratch: FrameScratch) {
        self.configuration = configuration
        self.envelope = envelope
        self.scratch = scratch
        self.forger = PacketForger(
            smuxVersion: configuration.multiplexer.version, usesCompression: configuration.usesCompression,
            usesShards: configuration.usesParity)
        self.session = nil
        if configuration.role == .client { self.begin(PacketForger.conversation, usesShards: nil) }
    }

    private mutating func begin(_ conversation: UInt32, usesShards: Bool?) {
        self.session = TunnelSession(
            conversationID: conversation, configuration: self.configuration, envelope: self.envelope,
            scratch: self.scratch, now: self.now, clientUsesShards: usesShards,
            path: self.configuration.makePath(now: self.now))
    }

    mutating func step(_ input: inout FuzzInput, slab: inout PacketSlab) throws(BrokenPromise) {
        let operation = input.element(of: Operation.allCases)
        switch operation {
        case .packet: try self.receive(packet: input.chunk())
        case .datagram: self.receive(datagram: input.chunk())
        case .stream: try self.receive(packet: self.forger.packet(carrying: input.chunk()))
        case .frame: try self.receive(packet: self.forger.packet(carryingFrame: &input))
        case .shard: try self.receive(packet: self.forger.shard(&input))
        case .replay:
            if !self.earlier.isEmpty { self.receive(datagram: self.earlier[input.number(below: self.earlier.count)]) }
        case .time: self.now = self.now.advanced(milliseconds: Int(input.byte()) * Int(input.byte()))
        case .timer: self.now = max(self.now, (self.session?.nextTimeout ?? nil) ?? self.now)
        case .poll: try self.drain(through: &slab)
        default: self.act(operation, &input)
        }
        try self.handleDueTimers(through: &slab)
        try self.check()
    }

    private mutating func receive(packet: [UInt8]) throws(BrokenPromise) {
        let overhead = self.envelope.headerByteCount + self.envelope.trailerByteCount
        guard packet.count + overhead <= PacketSlab.maximumDatagramByteCount else { return }
        let datagram = self.envelope.seal(packet)
        if self.earlier.count < 256 { self.earlier.append(datagram) }
        self.receive(datagram: datagram)
    }

    private mutating func receive(datagram: [UInt8]) {
        var slab = PacketSlab(holding: datagram)
        _ = self.envelope.open(&slab, from: 0)
        let packet = slab.bytes(at: 0)
        if self.session == nil,
            case .create(let id, let usesShards) = SessionAdmission(of: packet, current: nil)
        {
            self.begin(id, usesShards: usesShards)
        }
        self.session?.handlePackets(slab, 0..<1, now: self.now, sink: self.application)
    }

    private mutating func act(_ operation: Operation, _ input: inout FuzzInput) {
        guard operation != .open else {
            if self.configuration.role == .client, let id = self.session?.openStream() ?? nil {
                self.application.open(id)
            }
            return
        }
        let id = StreamID(rawValue: UInt32(input.byte() % 16))
        switch operation {
        case .announce where self.application.canAnnounce(id):
            let byteCount = 16 * Int(input.byte())
            self.application.announce(id, byteCount: byteCount)
            self.session?.announce(id, byteCount: byteCount)
        case .finish:
            self.application.finish(id)
            self.session?.finish(id)
        case .stopReading:
            self.application.stopReading(id)
            self.session?.stopReading(id)
        case .abandon:
            self.application.abandon(id)
            self.session?.abandon(id)
        case .consume:
            let byteCount = self.application.consume(id, atMost: 64 * Int(input.byte()))
            self.session?.consumed(id, byteCount: byteCount, now: self.now, sink: self.application)
        default: break
        }
    }

    private mutating func handleDueTimers(through slab: inout PacketSlab) throws(BrokenPromise) {
        for _ in 0..<16 {
            guard let next = self.session?.nextTimeout ?? nil, next <= self.now else { return }
            self.session?.handleTimeout(now: self.now)
            try self.drain(through: &slab)
        }
        throw BrokenPromise("a timer is due again and again")
    }

    private mutating func drain(through slab: inout PacketSlab) throws(BrokenPromise) {
        for _ in 0..<4096 {
            slab.removeAll()
            let count = self.session?.pollDatagrams(into: &slab, now: self.now, source: self.application) ?? 0
            guard count > 0 else { return }
            for index in 0..<count {
                try promise(Int(slab[index].byteCount) <= self.configuration.mtu, "a datagram longer than the mtu")
            }
            let opened = self.envelope.open(&slab, from: 0).opened
            try promise(opened == count, "we sent what nobody can open")
        }
        throw BrokenPromise("the session sends without end")
    }

    private func check() throws(BrokenPromise) {
        if let failure = self.application.failure { throw BrokenPromise(failure) }
        // One segment's content may come on top: 64 KiB if it is compressed.
        let held = self.application.heldByteCount
        let limit = self.configuration.multiplexer.receiveBufferByteCount + 65536
        try promise(held <= limit, "the application was given \(held) bytes")
        switch self.session {
        case .some(let session):
            let memory = session.figures.memory
            try promise(memory.receiving <= 64 * PacketSlab.slotStride + 4096, "receiving: \(memory.receiving) bytes")
            try promise(
                memory.errorCorrection <= 6 * 256 * PacketSlab.slotStride, "FEC: \(memory.errorCorrection) bytes")
            try promise(memory.compression <= 400_000, "compression: \(memory.compression) bytes")
        case .none: break
        }
    }
}
