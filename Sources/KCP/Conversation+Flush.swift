public import PacketPrimitives
import RateControl

// What a flush lets out (protocol 03 §3), and writing it. A flush only decides: it marks acknowledgements, probes,
// retransmissions and fresh segments as due, with a path controller only the first two. `pollPackets` writes what is
// due, in that order and as tightly as the mtu allows, whenever there is room for packets, and with a path controller
// what that lets out.
extension Conversation {
    /// Decides what a full flush sends now; `pollPackets` then writes it. To be called after `write`.
    public mutating func flush(now: Instant) {
        self.flushAll(now: now)
        self.updateCadence(now: now)
    }

    mutating func flushAll(now: Instant) {
        if self.control.path != nil { return self.releaseControl(now: now) }
        let window = self.congestion.applied(to: self.peerLimitedWindow)
        let freshCount = self.beginFlush(now: now)
        self.sending.release()
        let timeout = self.roundTrip.timeout
        let counts = self.sending.scheduleRetransmissions(
            .init(
                fastResend: UInt32(self.configuration.fastResend), freshCount: freshCount, timeout: timeout,
                backoff: self.configuration.noDelay ? timeout / 2 : timeout), now: now.wholeMilliseconds)
        self.statistics.fastRetransmissions &+= UInt64(counts.fast)
        self.statistics.earlyRetransmissions &+= UInt64(counts.early)
        self.statistics.timeouts &+= UInt64(counts.timeouts)
        self.congestion.reduce(
            resentCount: counts.fast + counts.early, timeoutCount: counts.timeouts,
            inFlightCount: self.sending.inFlightCount, appliedWindow: window)
    }

    /// The part that a flush for acknowledgements only has too: it numbers fresh segments but sends none of them, which
    /// is left to the next full flush. Returns how many were numbered.
    mutating func beginFlush(now: Instant) -> Int {
        self.releaseControl(now: now)
        guard self.control.path == nil else { return 0 }
        return self.sending.numberSegments(window: self.congestion.applied(to: self.peerLimitedWindow))
    }

    /// Lets acknowledgements and window probes out.
    private mutating func releaseControl(now: Instant) {
        self.acknowledgements.release()
        self.prompt?.noteSent(now: now)
        self.probe.advance(remoteWindow: self.remoteWindow, now: now.wholeMilliseconds)
        if self.probe.mustAsk { self.mustSendAsk = true }
        if self.probe.mustTell { self.mustSendTell = true }
        self.probe.mustAsk = false
        self.probe.mustTell = false
    }

    // MARK: Writing

    /// Writes up to `limit` due packets into fresh slots of the slab; returns how many. 0 when nothing is due, or
    /// the slab is full. What is left stays due.
    public mutating func pollPackets(into slab: inout PacketSlab, limit: Int, now: Instant) -> Int {
        // Fetched once: to hold it for every packet anew would cost more than what it is asked.
        let path = self.control.path
        var count = 0
        while count < limit, slab.freeSlotCount > 0, self.mayHavePackets(path) {
            slab.takeSlot(byteCount: self.configuration.mtu)
            let index = slab.count - 1
            var packet = slab.mutableBytes(at: index)
            let byteCount = self.writePacket(&packet, now: now, path: path)
            guard byteCount > 0 else {
                slab.releaseLastSlot()
                break
            }
            slab.setByteCount(at: index, to: byteCount)
            count += 1
        }
        if !self.mayHavePackets(path) { self.finishDrain(now: now) }
        self.statistics.sentPackets &+= UInt64(count)
        return count
    }

    /// Whether acknowledgements or probes are due, which wait for nothing.
    private var mustAnswer: Bool { self.acknowledgements.dueCount > 0 || self.mustSendAsk || self.mustSendTell }

    /// Whether something is due that does not wait for the pacing: that, or a transmission that asks for acknowledgements
    /// which have stopped coming.
    package var mustSend: Bool { self.mustAnswer || self.control.exemptCount > 0 }

    private func mayHavePackets(_ path: PathController?) -> Bool {
        if self.mustAnswer { return true }
        if let path { return self.mayTransmit(path) }
        return self.sending.hasReleased || self.sending.hasDue
    }

    private mutating func finishDrain(now: Instant) {
        self.lastAcknowledgement = .init()
        self.updateCadence(now: now)
    }

    /// Fills one packet; returns its length.
    private mutating func writePacket(_ packet: inout MutableRawSpan, now: Instant, path: PathController?) -> Int {
        var length = 0
        if self.acknowledgements.dueCount > 0 { self.writeAcknowledgements(&packet, &length) }
        if self.mustSendAsk || self.mustSendTell { self.writeProbes(&packet, &length) }
        // The order is the original's: nothing new overtakes what did not fit.
        guard self.acknowledgements.dueCount == 0, !self.mustSendAsk, !self.mustSendTell else { return length }
        if let path {
            self.writeControlled(&packet, &length, now: now, path: path)
            return length
        }
        self.writeByOriginalRules(&packet, &length, now: now.wholeMilliseconds)
        return length
    }

    private mutating func writeByOriginalRules(_ packet: inout MutableRawSpan, _ length: inout Int, now: UInt64) {
        if self.sending.hasDue {
            while let number = self.sending.nextRetransmission() {
                guard self.fits(number, packet, length) else { return }
                self.sending.markRetransmission(number, now: now)
                let byteCount = self.writeSegment(number, to: &packet, &length)
                self.statistics.retransmittedSegments &+= 1
                self.statistics.retransmittedPayloadBytes &+= UInt64(byteCount)
            }
        }
        while let number = self.sending.nextReleased() {
            guard self.fits(number, packet, length) else { return }
            self.sending.markFirstTransmission(number, timeout: self.roundTrip.timeout, now: now)
            let byteCount = self.writeSegment(number, to: &packet, &length)
            self.statistics.sentPayloadBytes &+= UInt64(byteCount)
        }
    }

    private mutating func writeAcknowledgements(_ packet: inout MutableRawSpan, _ length: inout Int) {
        while let entry = self.acknowledgements.nextDue(expected: self.receiving.next) {
            guard length &+ SegmentHeader.byteCount <= packet.byteCount else { return }
            self.lastAcknowledgement = self.acknowledgements.removeFirst()
            self.writeControl(.acknowledge, time: entry.time, number: entry.number, to: &packet, &length)
        }
        if let prompt = self.prompt { self.writeRepetitions(prompt, to: &packet, &length) }
    }

    /// Repeats the newest entries behind a gap; those just written are the newest.
    private mutating func writeRepetitions(
        _ prompt: PromptAcknowledgement, to packet: inout MutableRawSpan, _ length: inout Int
    ) {
        guard length > 0 else { return }
        var skipCount = length / SegmentHeader.byteCount
        for age in 1..<(prompt.repetitionCount(newCount: skipCount) + 1) {
            let entry = prompt.repetition(age: age)
            if entry.number.isBefore(self.receiving.next) { continue }
            skipCount -= 1
            guard skipCount < 0 else { continue }
            guard length &+ SegmentHeader.byteCount <= packet.byteCount else { return }
            self.writeControl(.acknowledge, time: entry.time, number: entry.number, to: &packet, &length)
        }
    }

    private mutating func writeProbes(_ packet: inout MutableRawSpan, _ length: inout Int) {
        let last = self.lastAcknowledgement
        if self.mustSendAsk, length &+ SegmentHeader.byteCount <= packet.byteCount {
            self.mustSendAsk = false
            self.writeControl(.askWindow, time: last.time, number: last.number, to: &packet, &length)
        }
        if self.mustSendTell, length &+ SegmentHeader.byteCount <= packet.byteCount {
            self.mustSendTell = false
            self.writeControl(.tellWindow, time: last.time, number: last.number, to: &packet, &length)
        }
    }

    @inline(__always)
    func fits(_ number: UInt32, _ packet: borrowing MutableRawSpan, _ length: Int) -> Bool {
        length &+ SegmentHeader.byteCount &+ Int(self.sending.records[number].byteCount) <= packet.byteCount
    }

    /// Appends a PUSH whose record has just been stamped; returns the length of its payload.
    @inline(__always)
    mutating func writeSegment(_ number: UInt32, to packet: inout MutableRawSpan, _ length: inout Int) -> Int {
        self.largestTransmissionCount = max(
            self.largestTransmissionCount, self.sending.records[number].transmissionCount)
        let byteCount = Int(self.sending.records[number].byteCount)
        self.writeTransmission(number, time: self.sending.records[number].sendTime, to: &packet, &length)
        return byteCount
    }

    /// Appends a PUSH.
    @inline(__always)
    mutating func writeTransmission(
        _ number: UInt32, time: UInt32, to packet: inout MutableRawSpan, _ length: inout Int
    ) {
        let byteCount = Int(self.sending.records[number].byteCount)
        let position = self.sending.records[number].position
        self.writeHeader(.push, time: time, number: number, payloadByteCount: byteCount, to: &packet, &length)
        self.sending.bytes.copyBytes(from: position, byteCount: byteCount, to: &packet, at: length)
        length &+= byteCount
    }

    /// Appends an ACK, WASK or WINS.
    @inline(__always)
    mutating func writeControl(
        _ command: Command, time: UInt32, number: UInt32, to packet: inout MutableRawSpan, _ length: inout Int
    ) {
        self.writeHeader(command, time: time, number: number, to: &packet, &length)
        self.statistics.sentControlSegments &+= 1
    }

    @inline(__always)
    private mutating func writeHeader(
        _ command: Command, time: UInt32, number: UInt32, payloadByteCount: Int = 0,
        to packet: inout MutableRawSpan, _ length: inout Int
    ) {
        let header = SegmentHeader(
            conversation: self.id, command: command, window: self.receiving.free, time: time, number: number,
            expected: self.receiving.next, payloadByteCount: payloadByteCount)
        header.write(to: &packet, at: length)
        length &+= SegmentHeader.byteCount
        self.statistics.sentSegments &+= 1
    }
}
