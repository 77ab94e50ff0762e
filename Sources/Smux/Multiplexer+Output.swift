internal import PacketPrimitives

extension Multiplexer {
    /// The least `maximumByteCount` for which `pollFrame` builds anything: every control frame fits into it.
    public static var minimumFrameLimit: Int { Frame.headerByteCount + Frame.windowUpdateByteCount }

    /// The longest frame that `pollFrame` builds if it is not limited further.
    package var maximumFrameByteCount: Int {
        max(Frame.headerByteCount + self.configuration.maximumFrameByteCount, Self.minimumFrameLimit)
    }

    /// Whether `pollFrame` has something to send.
    public var hasFrames: Bool {
        guard self.failure == nil else { return false }
        return self.hasSessionFrames || !self.scheduler.control.isEmpty || !self.scheduler.data.isEmpty
    }

    /// Builds the next frame, header and payload, at the front of `frame` and returns its length, at most
    /// `maximumByteCount`; `nil` if there is nothing to send or the limit is below `minimumFrameLimit`.
    ///
    /// First what concerns the session, then SYN and window updates, then payload and FIN, one frame of each
    /// stream in turn. A frame that was built counts as sent.
    public mutating func pollFrame(
        into frame: inout MutableRawSpan, maximumByteCount: Int, source: any StreamSource
    ) -> Int? {
        let limit = min(maximumByteCount, frame.byteCount)
        guard self.failure == nil, limit >= Self.minimumFrameLimit else { return nil }
        if self.hasSessionFrames { return self.writeSessionFrame(to: &frame) }
        if let slot = self.scheduler.control.first { return self.writeControl(of: slot, to: &frame) }
        guard let slot = self.scheduler.data.first else { return nil }
        return self.table[slot].wantsFinish
            ? self.writeFinish(of: slot, to: &frame)
            : self.writePush(of: slot, to: &frame, limit: limit, source: source)
    }

    /// Whether `pollFrame` has something to send for a stream.
    package var hasStreamFrames: Bool {
        !self.scheduler.control.isEmpty || !self.scheduler.data.isEmpty || !self.refusedStreams.isEmpty
    }

    private var hasSessionFrames: Bool {
        self.introduction != nil || self.keepAlive.isSignDue || !self.refusedStreams.isEmpty
    }

    private mutating func writeSessionFrame(to frame: inout MutableRawSpan) -> Int {
        if let capabilities = self.introduction.take() {
            return self.write(.noOperation, Introduction.streamID(for: capabilities), to: &frame)
        }
        if self.keepAlive.isSignDue {
            self.keepAlive.isSignDue = false
            self.statistics.sentKeepAliveCount += 1
            return self.write(.noOperation, StreamID(rawValue: 0), to: &frame)
        }
        return self.write(.finish, self.refusedStreams.removeLast(), to: &frame)
    }

    private mutating func writeControl(of slot: Int, to frame: inout MutableRawSpan) -> Int {
        let byteCount: Int
        if self.table[slot].flags.contains(.synchronizePending) {
            self.table[slot].flags.remove(.synchronizePending)
            byteCount = self.write(.synchronize, self.table[slot].id, to: &frame)
        } else {
            byteCount = self.writeWindowUpdate(of: slot, to: &frame)
        }
        self.stateChanged(slot)
        return byteCount
    }

    private mutating func writeWindowUpdate(of slot: Int, to frame: inout MutableRawSpan) -> Int {
        self.table[slot].flags.remove(.updatePending)
        self.table[slot].flags.insert(.windowReported)
        self.table[slot].unreportedByteCount = 0
        self.statistics.sentWindowUpdateCount += 1
        let payload = Frame.headerByteCount
        frame.storeLittleEndian(self.table[slot].consumedByteCount, at: payload)
        frame.storeLittleEndian(UInt32(self.grantWindow(to: slot)), at: payload + 4)
        return self.write(
            .windowUpdate, self.table[slot].id, payloadByteCount: Frame.windowUpdateByteCount, to: &frame)
    }

    private mutating func writeFinish(of slot: Int, to frame: inout MutableRawSpan) -> Int {
        let id = self.table[slot].id
        if self.table[slot].flags.contains(.finishSent) {
            self.table[slot].flags.remove(.abortPending)
        } else {
            self.table[slot].flags.insert(.finishSent)
        }
        self.stateChanged(slot)
        return self.write(.finish, id, to: &frame)
    }

    private mutating func writePush(
        of slot: Int, to frame: inout MutableRawSpan, limit: Int, source: any StreamSource
    ) -> Int {
        let id = self.table[slot].id
        let byteCount = min(
            self.table[slot].sendableByteCount(isWindowed: self.isWindowed),
            self.configuration.maximumFrameByteCount, limit - Frame.headerByteCount)
        self.table[slot].announcedByteCount -= byteCount
        self.table[slot].sentByteCount &+= UInt32(truncatingIfNeeded: byteCount)
        self.statistics.sentPayloadByteCount += UInt64(byteCount)
        self.scheduler.data.moveToEnd(slot)
        self.stateChanged(slot)
        var payload = frame._mutatingExtracting(Frame.headerByteCount..<(Frame.headerByteCount + byteCount))
        source.fill(id, &payload)
        return self.write(.push, id, payloadByteCount: byteCount, to: &frame)
    }

    /// Writes the header; returns the length of the frame.
    private mutating func write(
        _ command: Frame.Command, _ id: StreamID, payloadByteCount: Int = 0, to frame: inout MutableRawSpan
    ) -> Int {
        self.statistics.sentFrameCount += 1
        Frame(
            version: self.configuration.version, command: command, payloadByteCount: payloadByteCount, stream: id
        ).write(to: &frame)
        return Frame.headerByteCount + payloadByteCount
    }
}
