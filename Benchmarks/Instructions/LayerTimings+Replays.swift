import Ciphers
import PacketPrimitives

extension LayerTimings {
    /// What it costs to remember each datagram, at a rate that makes the window as large as it gets.
    func timeReplays() {
        for burst in [1, 48] where self.includes("replay window") { self.timeReplays(burst: burst) }
    }

    private func timeReplays(burst: Int) {
        let envelope = CipherSuite.none.makeEnvelope(
            key: [], nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        var window = ReplayWindow(secret: .init(SeededRandomSource(seed: 2)), now: Instant(milliseconds: 0))
        var slab = PacketSlab(slotCount: burst)
        for _ in 0..<burst { slab.takeSlot(byteCount: 24) }
        var (alone, watched) = (0.0, 0.0)
        let rounds = 400_000 / burst
        for round in 0..<2 * rounds {
            envelope.seal(&slab, from: 0)
            let start = Self.processorNanoseconds()
            if round % 2 == 0 {
                _ = envelope.open(&slab, from: 0)
                alone += Self.processorNanoseconds() - start
            } else {
                _ = window.open(&slab, 0..<burst, with: envelope, now: Instant(milliseconds: 0))
                watched += Self.processorNanoseconds() - start
            }
        }
        self.report("replay window, burst of \(burst)", (watched - alone) / Double(rounds * burst))
    }
}
