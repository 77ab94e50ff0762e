public import PacketPrimitives
import RateControl

// What the segments of one packet do (protocol 03 §4).
extension Conversation {
    /// What has to be known after the last segment.
    private struct PacketEffects {
        /// The oldest number that had not arrived.
        var oldFirst: UInt32
        /// The send time that the last ACK echoed, and whether that was of something which had arrived before.
        var echoedTime: UInt32?
        var isRepeated = false
        var needsFlush = false
        /// Data arrived behind a gap.
        var isOutOfOrder = false
        /// A question arrived (`PathChallenge`); who asks keeps something back until the answer comes.
        var isAsked = false
        /// Something about our transmissions became known.
        var hasAcknowledgement = false
    }

    /// Takes one decrypted KCP packet.
    ///
    /// Payload in order goes to `deliver` at once, straight from `bytes`, as long as the ready queue is empty and
    /// `deliver` returns true. A false means "not taken": that payload and all behind it waits in the ready queue,
    /// which closes the advertised window, until `read` takes it. `isRecovered` marks a packet that FEC has rebuilt:
    /// it says nothing about window and round-trip time. At the end the original's decision whether to flush at once
    /// is taken, so `pollPackets` may have something afterwards.
    public mutating func handlePacket(
        _ bytes: RawSpan, isRecovered: Bool, now: Instant, deliver: (RawSpan) -> Bool
    ) -> Disposition {
        let oldFirst = self.sending.first
        var effects = PacketEffects(oldFirst: oldFirst)
        if let reason = self.handleSegments(bytes, isRecovered: isRecovered, now: now, &effects, deliver) {
            self.statistics.droppedPackets &+= 1
            self.updateCadence(now: now)
            return .dropped(reason)
        }
        self.statistics.receivedPackets &+= 1
        self.statistics.lostTransmissions = self.sending.lostTransmissionCount
        if let path = self.control.path, effects.hasAcknowledgement { self.endAcknowledgements(now: now, path: path) }
        if let echoed = effects.echoedTime, !isRecovered {
            self.addRoundTripSample(echoed: echoed, isRepeated: effects.isRepeated, now: now)
        }
        if self.sending.first != oldFirst {
            self.largestTransmissionCount = 0
            self.peerMemory.noteProgress(sent: self.newestSendTime(now: now))
            self.congestion.grow(remoteWindow: self.remoteWindow)
        }
        self.flushAfterInput(effects, now: now)
        self.updateCadence(now: now)
        return .accepted
    }

    private mutating func handleSegments(
        _ bytes: RawSpan, isRecovered: Bool, now: Instant, _ effects: inout PacketEffects,
        _ deliver: (RawSpan) -> Bool
    ) -> DropReason? {
        guard bytes.byteCount >= SegmentHeader.byteCount else { return .tooShort }
        var offset = 0
        while let header = SegmentHeader(bytes, at: offset) {
            guard header.conversation == self.id else { return .foreignConversation }
            let payloadStart = offset &+ SegmentHeader.byteCount
            guard Int(header.payloadByteCount) <= bytes.byteCount &- payloadStart else { return .truncated }
            guard let command = Command(rawValue: header.command) else { return .unknownCommand }
            offset = payloadStart &+ Int(header.payloadByteCount)
            self.statistics.receivedSegments &+= 1
            if !isRecovered { self.remoteWindow = UInt32(header.window) }
            let isAnswer = self.challenge?.isAnswered(by: header) == true
            if command == .acknowledge, !isAnswer { self.acknowledgeBeforeExpected(header) }
            self.handleExpected(header, now: now, &effects)
            switch command {
            case .acknowledge where isAnswer: self.isChallengeAnswered = true
            case .push: self.handlePush(header, bytes.extracting(payloadStart..<offset), &effects, deliver)
            case .acknowledge: self.handleAcknowledgement(header, isTimely: !isRecovered, now: now, &effects)
            case .askWindow: self.probe.mustTell = true
            // One that follows no ACK echoes nothing: its time is 0.
            case .tellWindow: if header.time != 0 { self.noteRegress(header) }
            }
        }
        return nil
    }

    @inline(__always)
    private mutating func handlePush(
        _ header: SegmentHeader, _ payload: RawSpan, _ effects: inout PacketEffects, _ deliver: (RawSpan) -> Bool
    ) {
        guard self.receiving.isBeforeEnd(header.number) else {
            self.statistics.segmentsBeyondWindow &+= 1
            return
        }
        // A copy of what is about to be acknowledged would take the place of what arrived first. A question is no copy.
        if self.prompt == nil || self.acknowledgements.count == 0 || !header.number.isBefore(self.receiving.next)
            || payload.isEmpty
        {
            self.acknowledgements.append(header.number, time: header.time)
        }
        if let prompt = self.prompt, prompt.note(header, expected: self.receiving.next) { effects.isOutOfOrder = true }
        var deliveredByteCount = 0
        let insertion = self.receiving.insert(header.number, payload) { bytes in
            let isTaken = deliver(bytes)
            if isTaken { deliveredByteCount &+= bytes.byteCount }
            return isTaken
        }
        self.statistics.deliveredBytes &+= UInt64(deliveredByteCount)
        switch insertion {
        case .repeated:
            self.statistics.repeatedSegments &+= 1
            effects.isAsked = payload.isEmpty
        case .taken: if self.arrivals.isLate(header.number, time: header.time) { self.statistics.lateSegments &+= 1 }
        }
    }

    /// Before `una`, which may cover the segment and does not know which copy of it arrived.
    @inline(__always)
    private mutating func acknowledgeBeforeExpected(_ header: SegmentHeader) {
        guard self.control.path != nil || self.sending.isRepeated(header.number) else { return }
        self.sending.acknowledge(header.number, echoed: header.time)
    }

    @inline(__always)
    private mutating func handleExpected(_ header: SegmentHeader, now: Instant, _ effects: inout PacketEffects) {
        if let path = self.control.path, self.sending.first.isBefore(header.expected) {
            self.creditTransmissions(before: header.expected, now: now, path: path)
            effects.hasAcknowledgement = true
        }
        if self.sending.acknowledge(before: header.expected) { effects.needsFlush = true }
    }

    @inline(__always)
    private mutating func handleAcknowledgement(
        _ header: SegmentHeader, isTimely: Bool, now: Instant, _ effects: inout PacketEffects
    ) {
        self.noteRegress(header)
        if let path = self.control.path {
            self.acknowledgeTransmission(header.time, of: header.number, isTimely: isTimely, now: now, path: path)
            effects.hasAcknowledgement = true
            return
        }
        self.sending.acknowledge(header.number, echoed: header.time)
        if self.sending.countSkips(before: header.number, echoed: header.time) { effects.needsFlush = true }
        effects.echoedTime = header.time
        effects.isRepeated = header.number.isBefore(effects.oldFirst)
    }

    /// ACKs echo the time of what they answer, and so do WINSs: they repeat that of the last ACK, and a disclaimer has that
    /// of the packet which nobody knows what to do with.
    @inline(__always)
    private mutating func noteRegress(_ header: SegmentHeader) {
        if header.expected.isBefore(self.sending.first) { self.peerMemory.noteRegress(echoed: header.time) }
    }

    /// What is sent from now on has a later send time than this, with a path controller a later tag.
    private func newestSendTime(now: Instant) -> UInt32 {
        self.control.path == nil ? now.milliseconds : self.control.log.next &- 1
    }

    /// The original measures by any ACK. A late one of something that had arrived before does not count here: it may be
    /// recorded and sent again by somebody, or the answer to an earlier question about the peer's address, which echoes
    /// a random time, and would make the timeout a minute.
    private mutating func addRoundTripSample(echoed: UInt32, isRepeated: Bool, now: Instant) {
        let sample = now.milliseconds.distance(after: echoed)
        guard sample >= 0, !isRepeated || sample <= Self.longestRepeatedSampleMilliseconds else { return }
        self.roundTrip.addSample(Int32(truncatingIfNeeded: sample))
    }

    private static var longestRepeatedSampleMilliseconds: Int { 1000 }

    @inline(__always)
    private mutating func flushAfterInput(_ effects: PacketEffects, now: Instant) {
        if effects.needsFlush, self.control.path == nil {
            self.flushAll(now: now)
        } else if self.acknowledgements.count > 0, self.mustAcknowledge(after: effects, now: now) {
            _ = self.beginFlush(now: now)
        }
    }

    @inline(__always)
    private mutating func mustAcknowledge(after effects: PacketEffects, now: Instant) -> Bool {
        guard let prompt = self.prompt else {
            return effects.isAsked && self.control.path != nil || self.configuration.acknowledgeImmediately
                || self.acknowledgements.count >= self.configuration.mtu / SegmentHeader.byteCount
        }
        return effects.isAsked
            || prompt.isDue(
                pendingCount: self.acknowledgements.count, isOutOfOrder: effects.isOutOfOrder,
                roundTrip: Int(self.control.path?.roundTrip.smoothed ?? 0), now: now)
    }
}
