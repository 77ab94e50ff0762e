// What an operator may change while a conversation lives. Nothing of it is agreed upon with the peer.
extension Conversation {
    /// Takes over another mode and other windows. The mtu stays, and the receive window does not shrink: the peer may
    /// be using what it has been told.
    package mutating func update(_ new: Configuration) {
        self.configuration.noDelay = new.noDelay
        self.configuration.intervalMilliseconds = new.intervalMilliseconds
        self.configuration.fastResend = new.fastResend
        self.configuration.congestionControl = new.congestionControl
        self.configuration.acknowledgeImmediately = new.acknowledgeImmediately
        self.configuration.sendWindow = new.sendWindow
        self.configuration.receiveWindow = max(new.receiveWindow, self.configuration.receiveWindow)
        self.sending.setFastResend(new.fastResend)
        self.roundTrip.setMode(noDelay: new.noDelay, intervalMilliseconds: new.intervalMilliseconds)
        self.congestion.setMode(isEnabled: new.congestionControl, fastResend: new.fastResend)
        self.receiving.setLimit(self.receiveLimit)
        self.acknowledgements.limit = Self.acknowledgementLimit(self.configuration)
    }

    /// How many segments may wait for being acknowledged.
    static func acknowledgementLimit(_ configuration: Configuration) -> Int {
        max(1024, 2 * configuration.receiveWindow)
    }

    /// Whether nothing is left to do for either side: all that was written is acknowledged, and so is all that came.
    package var isSettled: Bool {
        self.sending.inFlightCount == 0 && self.sending.queuedByteCount == 0 && self.acknowledgements.count == 0
    }
}
