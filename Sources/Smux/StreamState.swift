/// All that the multiplexer knows of one stream. It holds no payload.
struct StreamState {
    struct Flags: OptionSet {
        let rawValue: UInt16

        /// SYN is still to be sent; nothing else may go before it.
        static let synchronizePending = Flags(rawValue: 1 << 0)
        /// A window update is due.
        static let updatePending = Flags(rawValue: 1 << 1)
        /// The peer has been told our window at least once.
        static let windowReported = Flags(rawValue: 1 << 2)
        /// The application ended its direction: FIN goes behind everything announced.
        static let finishRequested = Flags(rawValue: 1 << 3)
        static let finishSent = Flags(rawValue: 1 << 4)
        static let finishReceived = Flags(rawValue: 1 << 5)
        /// The application takes no more payload.
        static let readingStopped = Flags(rawValue: 1 << 6)
        /// The application has forgotten the stream.
        static let abandoned = Flags(rawValue: 1 << 7)
        /// The second FIN of `Capabilities.abort` is still to be sent.
        static let abortPending = Flags(rawValue: 1 << 8)
    }

    /// What each side may send before it hears of the other's window (protocol 04 §5).
    static let initialPeerWindow: UInt32 = 262_144

    let id: StreamID
    var flags: Flags
    /// Bytes that wait in the application.
    var announcedByteCount = 0
    /// Bytes that the application holds and has not consumed; they are taken from the session's bucket.
    var unconsumedByteCount = 0
    /// Bytes consumed since the last window update.
    var unreportedByteCount = 0
    /// Counters of the version 2 window, modulo 2³² as on the wire.
    var sentByteCount: UInt32 = 0
    var peerConsumedByteCount: UInt32 = 0
    var peerWindow = StreamState.initialPeerWindow
    var consumedByteCount: UInt32 = 0
    /// The window that the peer was told last, bytes, or will be told first.
    var grantedByteCount = 0
    /// Which of the session's window updates that was.
    var grantNumber: UInt32 = 0
    /// How many times our window has been doubled.
    var wideningCount: UInt8 = 0
    var pace = TakingPace()

    init(id: StreamID, flags: Flags = []) {
        self.id = id
        self.flags = flags
    }

    /// Bytes under way to the peer's application; negative if the peer claims more than was sent.
    var inFlightByteCount: Int { Int(Int32(truncatingIfNeeded: self.sentByteCount &- self.peerConsumedByteCount)) }

    /// How many bytes the peer's window lets us send now, at most 0 if it is closed. A window of 2³¹ or more
    /// counts as negative, as in the original.
    var openWindow: Int { Int(Int32(truncatingIfNeeded: self.peerWindow)) - self.inFlightByteCount }

    /// How much payload may go now.
    func sendableByteCount(isWindowed: Bool) -> Int {
        isWindowed ? min(self.announcedByteCount, max(self.openWindow, 0)) : self.announcedByteCount
    }

    var wantsControl: Bool { !self.flags.isDisjoint(with: [.synchronizePending, .updatePending]) }

    /// FIN, or the second one, is the next thing to send.
    var wantsFinish: Bool {
        guard self.announcedByteCount == 0 else { return false }
        return self.flags.contains(.abortPending)
            || self.flags.intersection([.finishRequested, .finishSent]) == .finishRequested
    }

    func wantsData(isWindowed: Bool) -> Bool {
        guard !self.flags.contains(.synchronizePending) else { return false }
        return self.wantsFinish || self.sendableByteCount(isWindowed: isWindowed) > 0
    }

    /// Payload that arrives is for nobody.
    var refusesPayload: Bool { !self.flags.isDisjoint(with: [.finishReceived, .abandoned]) }

    /// Neither side can do anything more with the stream.
    var isOver: Bool {
        guard self.flags.contains(.finishSent), !self.flags.contains(.abortPending) else { return false }
        if self.flags.contains(.abandoned) { return true }
        return self.flags.contains(.finishReceived) && self.unconsumedByteCount == 0
    }

    /// Notes that the application is done with `byteCount` bytes, and whether the peer must hear of it: after the
    /// first bytes, and then for every half window (protocol 04 §5).
    mutating func noteConsumed(byteCount: Int) {
        self.consumedByteCount &+= UInt32(truncatingIfNeeded: byteCount)
        self.unreportedByteCount += byteCount
        guard !self.refusesPayload else { return }
        if !self.flags.contains(.windowReported) || self.unreportedByteCount * 2 >= self.grantedByteCount {
            self.flags.insert(.updatePending)
        }
    }
}
