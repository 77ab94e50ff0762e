public import PacketPrimitives

/// What became of received bytes.
public enum InputResult: Equatable, Sendable {
    /// The session goes on.
    case accepted
    /// The session is over, now or since an earlier call.
    case failed(ProtocolError)
}

/// What the next received byte belongs to.
enum InputPhase {
    case header(WordAssembler)
    /// `remaining` more bytes of payload for a stream.
    case payload(StreamID, remaining: Int)
    case windowUpdate(StreamID, WordAssembler)
}

extension Multiplexer {
    /// Takes the next bytes of the session, cut anywhere. Payload goes to the sink as it comes: a frame is never
    /// collected.
    public mutating func handleBytes(_ bytes: RawSpan, now: Instant, sink: any StreamSink) -> InputResult {
        let heard = self.statistics.receivedFrameCount &+ self.statistics.receivedPayloadByteCount
        var offset = 0
        while offset < bytes.byteCount, self.failure == nil {
            switch self.input {
            case .header(var assembler):
                let word = assembler.take(from: bytes, at: &offset)
                self.input = .header(assembler)
                if let word { self.handleFrame(Frame(word: word), sink: sink) }
            case .payload(let id, let remaining):
                let piece = bytes.extracting(offset..<min(bytes.byteCount, offset + remaining))
                self.handlePayload(piece, of: id, sink: sink)
                offset += piece.byteCount
                let rest = remaining - piece.byteCount
                self.input = rest > 0 ? .payload(id, remaining: rest) : .header(WordAssembler())
            case .windowUpdate(let id, var assembler):
                let word = assembler.take(from: bytes, at: &offset)
                self.input = word == nil ? .windowUpdate(id, assembler) : .header(WordAssembler())
                if let word { self.handleWindowUpdate(word, of: id) }
            }
        }
        // Half a header says nothing, but a part of a payload does: a long frame takes its time on a slow way.
        if heard != self.statistics.receivedFrameCount &+ self.statistics.receivedPayloadByteCount {
            self.keepAlive.noteSign(now: now)
        }
        return self.failure.map(InputResult.failed) ?? .accepted
    }

    private mutating func handleFrame(_ frame: Frame, sink: any StreamSink) {
        if let error = self.defect(of: frame) {
            self.failure = error
            return
        }
        self.statistics.receivedFrameCount += 1
        switch frame.command {
        case .push where frame.payloadByteCount > 0:
            self.input = .payload(frame.stream, remaining: Int(frame.payloadByteCount))
        case .windowUpdate: self.input = .windowUpdate(frame.stream, WordAssembler())
        case .synchronize: self.handleSynchronize(frame.stream, sink: sink)
        case .finish: self.handleFinish(frame.stream, sink: sink)
        case .noOperation: self.handleNoOperation(frame.stream, sink: sink)
        case .push, nil: break
        }
    }

    /// What makes a header unacceptable; `nil` if nothing does.
    private func defect(of frame: Frame) -> ProtocolError? {
        guard frame.version == self.configuration.version else {
            return .versionMismatch(received: frame.version, expected: self.configuration.version)
        }
        let expectedByteCount: Int
        switch frame.command {
        case nil: return .unknownCommand(frame.commandByte)
        case .push: return nil
        case .windowUpdate where !self.isWindowed: return .windowUpdateInVersion1
        case .windowUpdate: expectedByteCount = Frame.windowUpdateByteCount
        case .synchronize, .finish, .noOperation: expectedByteCount = 0
        }
        let byteCount = Int(frame.payloadByteCount)
        return byteCount == expectedByteCount
            ? nil : .unexpectedLength(command: frame.commandByte, byteCount: byteCount)
    }

    private mutating func handleSynchronize(_ id: StreamID, sink: any StreamSink) {
        guard self.table.slot(of: id) == nil else { return }
        guard self.acceptsStreams, self.table.count < self.configuration.maximumStreamCount else {
            return self.refuse(id)
        }
        self.statistics.acceptedStreamCount += 1
        self.insert(StreamState(id: id))
        sink.streamOpened(id)
    }

    /// The answers to a flood of SYN are limited too: whoever sends more than this at once gets none.
    private mutating func refuse(_ id: StreamID) {
        self.statistics.refusedStreamCount += 1
        if self.refusedStreams.count < 1024 { self.refusedStreams.append(id) }
    }

    private mutating func handlePayload(_ bytes: RawSpan, of id: StreamID, sink: any StreamSink) {
        let byteCount = bytes.byteCount
        self.statistics.receivedPayloadByteCount += UInt64(byteCount)
        guard let slot = self.table.slot(of: id), !self.table[slot].refusesPayload else {
            self.statistics.discardedByteCount += UInt64(byteCount)
            return self.refusePayload(of: id)
        }
        guard !self.table[slot].flags.contains(.readingStopped) else {
            self.statistics.discardedByteCount += UInt64(byteCount)
            self.noteConsumed(slot, byteCount: byteCount)
            return self.stateChanged(slot)
        }
        self.table[slot].unconsumedByteCount += byteCount
        self.bucket -= byteCount
        sink.stream(id, received: bytes)
    }

    /// A peer that goes on with a stream that is gone here has not heard of it: it ended before the peer had said that
    /// it knows the second FIN.
    private mutating func refusePayload(of id: StreamID) {
        guard self.peerCapabilities?.contains(.abort) == true, self.table.slot(of: id) == nil,
            self.refusedStreams.count < 1024, !self.refusedStreams.contains(id)
        else { return }
        self.refusedStreams.append(id)
    }

    private mutating func handleFinish(_ id: StreamID, sink: any StreamSink) {
        guard let slot = self.table.slot(of: id) else { return }
        let flags = self.table[slot].flags
        guard !flags.contains(.finishReceived) else { return self.handleAbort(slot, sink: sink) }
        self.table[slot].flags.insert(.finishReceived)
        self.table[slot].flags.remove(.updatePending)
        if !flags.contains(.abandoned) { sink.streamFinished(id) }
        self.stateChanged(slot)
    }

    /// A second FIN: the peer has forgotten the stream. Only those say so that know the meaning.
    private mutating func handleAbort(_ slot: Int, sink: any StreamSink) {
        guard self.peerCapabilities?.contains(.abort) == true else { return }
        let state = self.table[slot]
        self.statistics.abortedStreamCount += 1
        self.bucket += state.unconsumedByteCount
        self.remove(slot)
        if !state.flags.contains(.abandoned) { sink.streamAborted(state.id) }
    }

    private mutating func handleNoOperation(_ id: StreamID, sink: any StreamSink) {
        guard let capabilities = Introduction.capabilities(in: id) else {
            self.statistics.receivedKeepAliveCount += 1
            return
        }
        self.peerCapabilities = capabilities
        sink.peerIntroduced(capabilities: capabilities)
    }

    /// `word` is the payload: bytes consumed in the low half, window in the high one.
    private mutating func handleWindowUpdate(_ word: UInt64, of id: StreamID) {
        self.statistics.receivedWindowUpdateCount += 1
        guard let slot = self.table.slot(of: id) else { return }
        self.table[slot].peerConsumedByteCount = UInt32(truncatingIfNeeded: word)
        self.table[slot].peerWindow = UInt32(truncatingIfNeeded: word >> 32)
        if self.table[slot].inFlightByteCount < 0 { self.failure = .consumedMoreThanSent(id) }
        self.stateChanged(slot)
    }
}
