import ErasureCoding
import KCP
package import PacketPrimitives
import RateControl
package import Smux

extension TunnelSession {
    /// Takes opened packets: the entries `range` of the slab, each what the envelope held (protocol 01 §7). Dropped
    /// entries and junk are skipped and counted.
    package mutating func handlePackets(
        _ slab: borrowing PacketSlab, _ range: Range<Int>, now: Instant, sink: any StreamSink
    ) {
        for index in range {
            let packet = slab.bytes(at: index)
            guard packet.byteCount >= Self.minimumPacketByteCount else {
                if packet.byteCount > 0 { self.counters.malformedPackets += 1 }
                continue
            }
            self.counters.packetsReceived += 1
            self.counters.bytesReceived += UInt64(packet.byteCount)
            self.handlePacket(packet, now: now, sink: sink)
        }
        self.noteOncoming(now: now)
        if self.configuration.role == .server, self.streams.multiplexer.streamCount > 0 { self.introduce() }
        self.welcomeModel()
        if self.configuration.role == .client, self.conversation.isForgottenByPeer {
            self.streams.fail(.forgottenByServer)
        }
        self.startParity()
    }

    /// The shortest thing that a peer may send: an empty out-of-band packet (protocol 01 §7).
    package static let minimumPacketByteCount = 12

    /// Tells the path's controller what has come, also what the application has taken later than it came.
    private mutating func noteOncoming(now: Instant) {
        guard let path = self.conversation.path else { return }
        let delivered = self.conversation.statistics.deliveredBytes
        path.noteOncoming(byteCount: Int(delivered &- self.notedOncoming), now: now)
        self.notedOncoming = delivered
    }

    private mutating func handlePacket(_ packet: RawSpan, now: Instant, sink: any StreamSink) {
        guard let kind = ShardKind(of: packet) else {
            return self.handleSegments(packet, isRecovered: false, now: now, sink: sink)
        }
        switch kind {
        case .outOfBand:
            self.counters.outOfBandPackets += 1
        case .data:
            let segments = packet.extracting(droppingFirst: ShardHeader.byteCount)
            self.handleSegments(segments, isRecovered: false, now: now, sink: sink)
            self.recover(from: packet, now: now, sink: sink)
        case .parity:
            self.recover(from: packet, now: now, sink: sink)
        }
    }

    private mutating func handleSegments(_ packet: RawSpan, isRecovered: Bool, now: Instant, sink: any StreamSink) {
        let disposition = Self.deliver(
            packet, isRecovered: isRecovered, now: now, through: &self.conversation, to: &self.streams, sink: sink)
        if case .dropped = disposition { self.counters.malformedPackets += 1 }
    }

    /// Gives the packet to the decoder, and what that can rebuild to the conversation.
    private mutating func recover(from packet: RawSpan, now: Instant, sink: any StreamSink) {
        if self.parityDecoder == nil { self.parityDecoder = self.makeParityDecoder() }
        var decoder = self.parityDecoder.take()!
        decoder.handlePacket(packet) { recovered in
            self.handleSegments(recovered, isRecovered: true, now: now, sink: sink)
        }
        self.parityDecoder = consume decoder
    }

    /// The peer most likely uses our own ratio; the decoder finds out if not. An end without FEC knows nothing, and groups
    /// of a few packets end where those of other ratios do: the first of them that arrive prove nothing.
    private func makeParityDecoder() -> ParityDecoder {
        guard self.configuration.usesParity,
            self.configuration.dataShards + self.configuration.parityShards >= Self.leastTellingGroupSize,
            let decoder = try? ParityDecoder(
                dataShards: self.configuration.dataShards, parityShards: self.configuration.parityShards)
        else { return ParityDecoder() }
        return decoder
    }

    private static let leastTellingGroupSize = 5

    private static func deliver(
        _ packet: RawSpan, isRecovered: Bool, now: Instant, through conversation: inout Conversation,
        to streams: inout StreamPath, sink: any StreamSink
    ) -> Conversation.Disposition {
        conversation.handlePacket(packet, isRecovered: isRecovered, now: now) { payload in
            guard streams.wantsInput else { return false }
            streams.handleBytes(payload, now: now, sink: sink)
            return true
        }
    }

    /// Hands on what the conversation kept while the application had no room. To be called after streams were given
    /// up, which makes room too.
    package mutating func deliverReady(now: Instant, sink: any StreamSink) {
        guard self.conversation.readySegmentCount > 0 else { return }
        Self.deliverReady(from: &self.conversation, to: &self.streams, now: now, sink: sink)
    }

    private static func deliverReady(
        from conversation: inout Conversation, to streams: inout StreamPath, now: Instant, sink: any StreamSink
    ) {
        conversation.read(now: now) { payload in
            guard streams.wantsInput else { return false }
            streams.handleBytes(payload, now: now, sink: sink)
            return true
        }
    }
}
