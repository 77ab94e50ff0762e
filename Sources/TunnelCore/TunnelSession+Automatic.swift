import ErasureCoding
import KCP
import PacketPrimitives
import RateControl
import Smux

// What a session with a path controller chooses itself, where the operator has not.

extension SessionConfiguration {
    /// What is not set by the operator and there is something to choose it by.
    var chosen: AutomaticSettings { self.directsPaths ? self.automatic : [] }

    /// What we say of ourselves to programs of this project.
    var capabilities: Capabilities {
        var capabilities = Capabilities.all
        if self.permutation != nil { capabilities.insert(.permutes) }
        if self.directsPaths { capabilities.insert(.modelsPath) }
        return capabilities
    }

    /// The conversation's settings, but for the mtu.
    /// - Parameter peerModelsPath: the peer sends by a model, so a wide window does no harm.
    func conversation(peerModelsPath: Bool) -> KCP.Configuration {
        var conversation = self.conversation
        if self.chosen.contains(.sendWindow) { conversation.sendWindow = KCP.Configuration.largestWindow }
        if peerModelsPath, self.chosen.contains(.receiveWindow) {
            conversation.receiveWindow = max(conversation.receiveWindow, Self.widestReceiveWindow)
        }
        return conversation
    }

    /// Segments. Enough for 500 Mbit/s over 150 ms with holes that take several round trips to mend; only what waits
    /// behind a hole takes memory, 45 MB at most.
    private static let widestReceiveWindow = 32_768

    /// How far a stream's buffer may grow, bytes; it takes memory only when an application that was fast stops reading.
    static let largestStreamBuffer = 16 << 20
}

extension TunnelSession {
    var peerModelsPath: Bool { self.streams.multiplexer.peerCapabilities?.contains(.modelsPath) == true }

    /// Gives a peer that sends by a model what it makes use of: prompt acknowledgements and a wide window.
    mutating func welcomeModel() {
        guard !self.hasWelcomedModel, self.peerModelsPath, self.configuration.capabilities.contains(.modelsPath) else {
            return
        }
        self.hasWelcomedModel = true
        self.conversation.acknowledgePromptly()
        self.conversation.update(self.configuration.conversation(peerModelsPath: true))
    }

    /// After the application has taken something of a stream: gives the stream a larger window if the one it has may make
    /// the peer wait. What is behind a hole that takes several round trips to mend counts as under way, too, so a window
    /// must be many times what is taken in one.
    mutating func widenStream(_ id: StreamID, taking byteCount: Int, now: Instant) {
        guard self.hasWelcomedModel, self.configuration.chosen.contains(.streamBuffer), !self.conversation.isLimited
        else {
            return
        }
        self.streams.multiplexer.widenWindow(
            id, taking: byteCount, eighthTakenWithin: 2 * self.conversation.smoothedRoundTripMilliseconds, now: now,
            limit: SessionConfiguration.largestStreamBuffer)
    }

    /// Parity costs more bytes than sending again. It pays while the peer's window stands still behind holes: then the path
    /// has capacity to spare. Before that it goes out with what is sent again alone.
    mutating func chooseParity(now: Instant) {
        guard let path = self.conversation.path else { return }
        let isChosen = self.configuration.chosen.contains(.parity)
        if isChosen {
            self.watchPeerWindow(path, now: now)
            self.parityEncoder?.isSuspended = !self.peerWindowWatch.isBinding
        }
        self.conversation.noteParity(isSent: self.sendsParity, repairGroup: isChosen ? self.repairGroup : nil)
    }

    private mutating func watchPeerWindow(_ path: PathController, now: Instant) {
        let hasBacklog = self.streams.hasFrames
        let hasRoom = path.hasRoom(besides: self.conversation.inFlightByteCount)
        let isBlocked = hasBacklog && hasRoom && !self.conversation.peerTakesMore
        self.peerWindowWatch.note(
            hasBacklog: hasBacklog, isBlocked: isBlocked, roundTrip: path.roundTrip.minimum ?? 0, now: now)
    }
}
