import Ciphers
import DatagramIO
import NIOCore
import PacketPrimitives
import TunnelCore

/// What the sessions of one event loop share: the clock, the memory that bursts pass through, the cipher.
///
/// Everything here, and every session, port and stream that refers to it, stays on that loop.
final class LoopContext {
    let eventLoop: any EventLoop
    let isolated: NIOIsolatedEventLoop
    let configuration: SessionConfiguration
    /// Opens and seals for all sessions of the loop: they share the operator's key.
    let envelope: any PacketEnvelope
    let random: any RandomSource
    let scratch = FrameScratch()
    /// The slab that is being filled or sent. A port that cannot send keeps it and leaves a fresh one.
    var slab: PacketSlab
    var batch: ReceiveBatch
    private var queue: [any LoopWork] = []
    private var isScheduled = false

    /// Packets per burst, without parity: 64 datagrams are one GSO message (design of the datagram path).
    static let burstPacketCount = 64

    init(eventLoop: any EventLoop, configuration: SessionConfiguration, random: any RandomSource) {
        self.eventLoop = eventLoop
        self.isolated = eventLoop.assumeIsolated()
        self.configuration = configuration
        self.random = random
        self.envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: random))
        self.slab = PacketSlab(slotCount: configuration.slotCount(forBurst: Self.burstPacketCount))
        self.batch = ReceiveBatch()
    }

    /// The time now.
    var now: Instant { Instant(microseconds: NIODeadline.now().uptimeNanoseconds / 1000) }

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

/// Something that has to be looked after at the end of a pass of the loop.
protocol LoopWork: AnyObject {
    var isEnqueued: Bool { get set }
    func run(now: Instant)
}
