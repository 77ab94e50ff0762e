import Ciphers
import DatagramIO
import NIOCore
import PacketPrimitives
import RateControl
import TunnelCore

/// What the sessions of one event loop share: the clock, the memory that bursts pass through, the cipher.
///
/// Everything here, and every session, port and stream that refers to it, stays on that loop.
final class LoopContext {
    let eventLoop: any EventLoop
    let isolated: NIOIsolatedEventLoop
    /// What new sessions are made with.
    private(set) var template: SessionTemplate
    let random: any RandomSource
    let scratch = FrameScratch()
    private var paths = PathTable()
    /// The slab that is being filled or sent. A port that cannot send keeps it and leaves a fresh one.
    var slab: PacketSlab
    var batch: ReceiveBatch
    private(set) var replays: ReplayWindow
    /// What the streams read into.
    let receiveMemory: ReceiveMemory
    let receiveAllocator: SharedReceiveAllocator
    /// What the sessions hold.
    var memory: MemoryBudget
    var lag = LagHistogram()
    private var queue: [any LoopWork] = []
    private var isScheduled = false
    /// Called when the loop has come to rest after some work.
    var atRest: (@Sendable () -> Void)?
    private var passCount = 0
    private var isWatchingForRest = false

    /// Packets per burst, without parity: 64 datagrams are one GSO message.
    static let burstPacketCount = 64

    /// `secret`: the same for loops that hand each other packets.
    init(
        eventLoop: any EventLoop, configuration: SessionConfiguration, random: any RandomSource,
        secret: ReplayWindow.Secret, memory: MemoryLimit
    ) {
        self.eventLoop = eventLoop
        self.isolated = eventLoop.assumeIsolated()
        self.random = random
        self.template = SessionTemplate(configuration: configuration, random: random)
        self.slab = PacketSlab(slotCount: configuration.slotCount(forBurst: Self.burstPacketCount))
        self.batch = ReceiveBatch()
        self.replays = ReplayWindow(secret: secret, now: Self.clock)
        self.memory = MemoryBudget(limit: memory)
        self.receiveMemory = ReceiveMemory()
        self.receiveAllocator = SharedReceiveAllocator(self.receiveMemory, on: eventLoop)
    }

    var configuration: SessionConfiguration { self.template.configuration }
    var envelope: any PacketEnvelope { self.template.envelope }

    /// Makes new sessions with other settings from now on. Not to be called while the slab is in use.
    func update(_ host: HostConfiguration) {
        self.memory.limit.byteCount = host.memoryLimit
        let configuration = host.session
        // Sessions that there are keep their controllers; they would be the wrong ones for new sessions.
        if configuration.rules != self.configuration.rules { self.paths = PathTable() }
        self.template = self.template.successor(configuration, random: self.random)
        let slotCount = configuration.slotCount(forBurst: Self.burstPacketCount)
        if slotCount > self.slab.capacity { self.slab = PacketSlab(slotCount: slotCount) }
    }

    /// The time now.
    var now: Instant { Self.clock }

    /// What the clock of all loops shows.
    static var clock: Instant { Instant(microseconds: NIODeadline.now().uptimeNanoseconds / 1000) }

    var snapshot: LoopSnapshot {
        LoopSnapshot(
            lag: self.lag,
            burstByteCount: self.slab.byteCapacity + self.batch.slab.byteCapacity + FrameScratch.byteCount
                + self.replays.byteCount + self.receiveMemory.memoryByteCount,
            memory: self.memory.figures)
    }

    /// What directs the sending to `peer`; `nil` if the original's rules do.
    func path(to peer: PeerAddress, now: Instant) -> PathController? {
        self.paths.controller(for: peer) { self.configuration.makePath(now: now) }
    }

    /// Opens entries of the batch that is at work, which is the argument, and drops what was here before.
    func open(_ slab: inout PacketSlab, _ range: Range<Int>, with envelope: any PacketEnvelope) -> OpenResult {
        self.replays.open(&slab, range, with: envelope, now: self.now)
    }

    /// A packet that another loop has opened is at work now. Returns whether it was not here before.
    func takeOver(_ fingerprint: UInt64?, now: Instant) -> Bool { self.replays.takeOver(fingerprint, now: now) }

    /// A fresh slab in place of the one that a blocked port has to keep.
    func takeSlab() -> PacketSlab {
        var other = PacketSlab(slotCount: self.slab.capacity)
        swap(&self.slab, &other)
        return other
    }

    /// Runs `work` once at the end of this pass of the loop, after all that is readable now has been read.
    func enqueue(_ work: any LoopWork) {
        guard !work.isEnqueued else { return }
        work.isEnqueued = true
        self.queue.append(work)
        guard !self.isScheduled else { return }
        self.isScheduled = true
        self.isolated.execute { self.run() }
    }

    private func run() {
        self.isScheduled = false
        self.passCount &+= 1
        var work: [any LoopWork] = []
        swap(&work, &self.queue)
        let now = self.now
        for item in work {
            item.isEnqueued = false
            item.run(now: now)
        }
        if self.queue.isEmpty {
            work.removeAll(keepingCapacity: true)
            swap(&work, &self.queue)
        }
    }
}

// MARK: - Rest

extension LoopContext {
    /// A loop with fewer passes in a second is at rest.
    private static var fewPasses: Int { 100 }

    /// Looks every second whether the loop has come to rest, until it has. To be called when something has begun, or a session
    /// has run out of work.
    func watchForRest() {
        guard !self.isWatchingForRest, let atRest = self.atRest else { return }
        self.isWatchingForRest = true
        let passCount = self.passCount
        self.isolated.scheduleTask(in: .seconds(1)) {
            self.isWatchingForRest = false
            guard self.passCount - passCount < Self.fewPasses else { return self.watchForRest() }
            self.receiveMemory.release()
            atRest()
        }
    }
}

/// Something that has to be looked after at the end of a pass of the loop.
protocol LoopWork: AnyObject {
    var isEnqueued: Bool { get set }
    func run(now: Instant)
}
