import Ciphers
import ErasureCoding
import KCP
package import PacketPrimitives
package import Smux

extension TunnelSession {
    /// Fills the (empty) slab with the datagrams that are due, sealed, in sending order; returns how many. 0 when
    /// nothing is due, or when the rate limit says to wait.
    package mutating func pollDatagrams(
        into slab: inout PacketSlab, now: Instant, source: any StreamSource
    ) -> Int {
        precondition(slab.isEmpty, "a slab holds one burst")
        guard self.failure == nil else { return 0 }
        let limit = self.packetLimit(slab, now: now)
        guard limit > 0 else { return 0 }
        if self.streams.pump(into: &self.conversation, source: source) {
            self.conversation.flush(now: now)
        }
        guard self.conversation.pollPackets(into: &slab, limit: limit, now: now) > 0 else { return 0 }
        self.seal(&slab, now: now)
        return slab.count
    }

    /// How many packets fit the slab, with their parity, and the rate limit.
    private mutating func packetLimit(_ slab: borrowing PacketSlab, now: Instant) -> Int {
        let free = slab.freeSlotCount
        let room = self.parityEncoder == nil ? free : self.parityEncoder!.packetCapacity(freeSlots: free)
        guard self.limiter != nil else { return room }
        let allowance = self.limiter!.allowance(now: now)
        return min(room, (allowance + self.configuration.mtu - 1) / self.configuration.mtu)
    }

    private mutating func seal(_ slab: inout PacketSlab, now: Instant) {
        if self.parityEncoder != nil { self.parityEncoder!.protect(&slab, from: 0, now: now) }
        self.envelope.seal(&slab, from: 0)
        var byteCount = 0
        for index in 0..<slab.count { byteCount += Int(slab[index].byteCount) }
        self.counters.datagramsSent += UInt64(slab.count)
        self.counters.bytesSent += UInt64(byteCount)
        self.limiter?.spend(byteCount)
    }
}
