import FakeTCP
package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension FakeTCPSocket {
    package func receive(into batch: inout ReceiveBatch) -> ReceiveResult {
        self.now = .now()
        return self.readMessages(into: &batch)
    }

    package func accept(
        _ bytes: RawSpan, segmentByteCount: Int? = nil, from source: PeerAddress, to destination: LocalAddress?,
        into batch: inout ReceiveBatch
    ) {
        self.now = .now()
        self.statistics.receivedMessages += 1
        guard let datagram = self.datagram(in: bytes, from: source, to: destination) else {
            return self.note(self.tally(withoutDatagram: bytes, to: destination))
        }
        let payload = bytes.extracting(datagram.payload)
        self.note(batch.append(payload, segmentByteCount: nil, from: datagram.source, to: datagram.destination))
    }

    func place(_ message: ReceiveBatch.KernelMessage, in batch: inout ReceiveBatch) -> ReceiveBatch.Tally {
        let destination = message.control.destination
        guard let source = message.source,
            let datagram = self.datagram(in: batch.bytes(at: message.range), from: source, to: destination)
        else { return self.tally(withoutDatagram: batch.bytes(at: message.range), to: destination) }
        let start = message.range.lowerBound
        let range = start + datagram.payload.lowerBound..<start + datagram.payload.upperBound
        return batch.note(range, nil, from: datagram.source, to: datagram.destination)
    }

    /// What a packet counts as that carries nothing for us. One to another port is not damaged: a few of all that the
    /// machine receives can still get in while the filter is put in place.
    private func tally(withoutDatagram packet: RawSpan, to destination: LocalAddress?) -> ReceiveBatch.Tally {
        guard let (_, start) = self.segmentStart(in: packet, destination),
            let port = SegmentHeader.destinationPort(of: packet.extracting(droppingFirst: start)),
            port != self.localAddress.port
        else { return ReceiveBatch.Tally(malformed: 1) }
        return ReceiveBatch.Tally()
    }

    /// What a packet carries.
    private struct ReceivedDatagram {
        var source: PeerAddress
        var destination: LocalAddress
        /// Where in the packet; empty for a segment that carries nothing.
        var payload: Range<Int>
    }

    /// Unwraps a packet that the filter has let through; `nil` if it is not what it says.
    private func datagram(
        in packet: RawSpan, from source: PeerAddress, to destination: LocalAddress?
    ) -> ReceivedDatagram? {
        guard let (local, start) = self.segmentStart(in: packet, destination) else { return nil }
        let segment = packet.extracting(droppingFirst: start)
        guard let header = SegmentHeader(segment), header.destinationPort == self.localAddress.port,
            header.sourcePort != 0, PseudoHeader(source, local.withPort(0)).isValid(segment)
        else { return nil }
        var peer = source
        peer.port = header.sourcePort
        if let remoteAddress = self.remoteAddress, remoteAddress != peer { return nil }
        let payload = start + header.byteCount..<packet.byteCount
        self.flows.handleSegment(header, payloadByteCount: payload.count, from: peer, now: self.now)
        return ReceivedDatagram(source: peer, destination: local, payload: payload)
    }

    /// The address that a packet was sent to, and where in it the segment begins.
    private func segmentStart(in packet: RawSpan, _ destination: LocalAddress?) -> (LocalAddress, Int)? {
        guard self.family == .ipv4 else { return destination.map { ($0, 0) } }
        return IPv4Header(packet).map { (LocalAddress($0.destination), $0.byteCount) }
    }

    // MARK: The handshake

    /// Longer than any packet without payload.
    private static let answerByteCapacity = 256
    /// Answers to other connections may be waiting before ours.
    private static let mostAnswers = 1024
    /// More than fit into a receive buffer.
    private static let mostUnfiltered = 65_536

    /// Reads the answers to attempts to connect that are waiting; `false` if the one to ours is not among them.
    func readHandshakeAnswer(from peer: PeerAddress) -> Bool {
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.answerByteCapacity, alignment: 8) { buffer in
            for _ in 0..<Self.mostAnswers {
                let (byteCount, source) = unsafe SystemCalls.receivePacket(self.descriptor, into: buffer)
                guard byteCount >= 0 else { return false }
                let packet = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<byteCount]))
                if self.takeHandshakeAnswer(packet, from: source, peer) { return true }
            }
            return false
        }
    }

    /// Drops what came before there was a filter: until then a raw socket gets all that the machine receives, which can be
    /// so much that there is no room for the answer.
    func dropReceived() {
        unsafe withUnsafeTemporaryAllocation(byteCount: Self.answerByteCapacity, alignment: 8) { buffer in
            for _ in 0..<Self.mostUnfiltered {
                let (byteCount, _) = unsafe SystemCalls.receivePacket(self.descriptor, into: buffer)
                guard byteCount >= 0 else { return }
            }
        }
    }

    /// Checksums do not matter here, and those from this machine are not filled in.
    private func takeHandshakeAnswer(_ packet: RawSpan, from source: PeerAddress?, _ peer: PeerAddress) -> Bool {
        guard let source, source.high == peer.high, source.low == peer.low else { return false }
        let start = self.family == .ipv4 ? IPv4Header(packet)?.byteCount : 0
        guard let start, let header = SegmentHeader(packet.extracting(droppingFirst: start)),
            header.sourcePort == peer.port, header.destinationPort == self.localAddress.port,
            header.flags.isSuperset(of: .handshakeAnswer)
        else { return false }
        self.flows.handleSegment(header, payloadByteCount: 0, from: peer, now: self.now)
        return true
    }
}
