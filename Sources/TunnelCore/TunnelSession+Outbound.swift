import Ciphers
import ErasureCoding
import KCP
package import PacketPrimitives
import RateControl
package import Smux

extension TunnelSession {
    /// Fills the (empty) slab with the datagrams that are due, sealed, in sending order; returns how many. 0 when
    /// nothing is due, or when the controller's pacing or the rate limit says to wait.
    package mutating func pollDatagrams(
        into slab: inout PacketSlab, now: Instant, source: any StreamSource
    ) -> Int {
        precondition(slab.isEmpty, "a slab holds one burst")
        guard self.failure == nil else { return 0 }
        self.chooseParity(now: now)
        let room = self.room(in: slab, now: now)
        let limit = self.packetLimit(room: room, now: now, source: source)
        let inFlightByteCount = self.conversation.inFlightByteCount
        let repeatedCount =
            limit > 0 ? self.conversation.pollRepairGroup(into: &slab, room: room, now: now) : nil
        if limit > 0, repeatedCount == nil { self.fill(&slab, limit: limit, now: now, source: source) }
        let count = slab.count
        let transmittedByteCount = self.conversation.inFlightByteCount - inFlightByteCount
        let byteCount = self.seal(&slab, asGroupRepeating: repeatedCount, now: now)
        self.notePacing(
            Charge(
                transmittedByteCount: transmittedByteCount,
                allByteCount: byteCount + slab.count * SessionConfiguration.networkHeaderByteCount),
            isPaced: limit < room && count >= limit, now: now)
        self.limiter?.spend(byteCount)
        if !slab.isEmpty { self.streams.noteSent() }
        return slab.count
    }

    /// How many packets the slab takes, with their parity, and the rate limit lets through.
    private mutating func room(in slab: borrowing PacketSlab, now: Instant) -> Int {
        let free = slab.freeSlotCount
        let room = self.parityEncoder == nil ? free : self.parityEncoder!.packetCapacity(freeSlots: free)
        guard self.limiter != nil else { return room }
        let allowance = self.limiter!.allowance(now: now)
        return min(room, (allowance + self.configuration.mtu - 1) / self.configuration.mtu)
    }

    /// How many packets the controller lets out, at most `room`, after the streams have put into the conversation what
    /// may leave soon. Without a controller nothing is paced.
    private mutating func packetLimit(room: Int, now: Instant, source: any StreamSource) -> Int {
        guard let path = self.conversation.path else { return room }
        let allowance = max(0, path.pacingAllowance(of: self.conversation.pathMember, now: now))
        if self.streams.pump(into: &self.conversation, upTo: allowance, source: source) {
            self.conversation.flush(now: now)
        }
        let favoured = self.conversation.favourSparseTraffic(hasBacklog: self.streams.hasFrames, now: now)
        let datagramByteCount = self.configuration.mtu
        let count = (allowance + datagramByteCount - 1) / datagramByteCount
        return min(room, max(count, favoured, self.conversation.mustSend ? 1 : 0))
    }

    /// What has left, in bytes of IP datagrams.
    private struct Charge {
        /// Of segments, without acknowledgements and parity.
        var transmittedByteCount: Int
        var allByteCount: Int
    }

    /// A model measures how fast segments are delivered. If parity and acknowledgements had to share their rate, less would
    /// be delivered, the rate fall, and so on: they come on top. A rate that the operator has set is for everything but
    /// acknowledgements alone, which do not wait, and could use it up for ever.
    /// - Parameter isPaced: all packets have left that the pacing let out.
    private func notePacing(_ charge: Charge, isPaced: Bool, now: Instant) {
        guard let path = self.conversation.path else { return }
        let isCharged = charge.transmittedByteCount > 0
        path.spend(
            path.isRateFixed && isCharged ? charge.allByteCount : charge.transmittedByteCount,
            by: self.conversation.pathMember, need: self.need(of: path, isPaced: isPaced), now: now)
    }

    /// What keeps the rest from leaving.
    private func need(of path: PathController, isPaced: Bool) -> SendingNeed {
        let takesMore = self.conversation.peerTakesMore
        guard self.conversation.hasSomethingToSend || self.streams.hasFrames && takesMore else {
            return self.streams.hasFrames && !takesMore ? .peerWindow : .nothing
        }
        if !path.hasRoom(besides: self.conversation.inFlightByteCount) { return .window }
        return isPaced ? .pacing : .nothing
    }

    /// Lets streams and conversation put packets into the slab.
    private mutating func fill(
        _ slab: inout PacketSlab, limit: Int, now: Instant, source: any StreamSource
    ) {
        switch self.configuration.habits {
        case .standard where self.conversation.path != nil: break
        case .standard:
            if self.streams.pump(into: &self.conversation, source: source) { self.conversation.flush(now: now) }
        case .original:
            while self.conversation.hasRoomForWrite, self.streams.pumpFrame(into: &self.conversation, source: source) {
                self.conversation.flush(now: now)
            }
        }
        _ = self.conversation.pollPackets(into: &slab, limit: limit, now: now)
    }

    private static func byteCount(of slab: borrowing PacketSlab) -> Int {
        var byteCount = 0
        for index in 0..<slab.count { byteCount += Int(slab[index].byteCount) }
        return byteCount
    }

    /// Adds parity and envelopes; returns the bytes on the wire.
    /// - Parameter repeatedCount: for a repair group, how many of its packets go out twice.
    mutating func seal(_ slab: inout PacketSlab, asGroupRepeating repeatedCount: Int? = nil, now: Instant) -> Int {
        guard !slab.isEmpty else { return 0 }
        if let repeatedCount {
            self.parityEncoder!.protectGroup(&slab, repeating: repeatedCount, now: now)
        } else if self.parityEncoder != nil {
            self.parityEncoder!.protect(&slab, from: 0, now: now)
        }
        self.envelope.seal(&slab, from: 0)
        let byteCount = Self.byteCount(of: slab)
        self.counters.datagramsSent += UInt64(slab.count)
        self.counters.bytesSent += UInt64(byteCount)
        return byteCount
    }
}
