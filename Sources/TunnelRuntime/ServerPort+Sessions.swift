import DatagramIO
import Logging
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

// What the sessions of a port tell it, and where their streams go.
extension ServerPort: SessionOwner {
    func session(_ session: HostedSession, ended failure: SessionFailure) {
        if self.sessions[session.peer] === session { self.sessions[session.peer] = nil }
        if self.conversations[session.conversationID] === session {
            self.conversations[session.conversationID] = nil
            self.directory.remove(session.conversationID, isOver: session.hasHeardFrames)
        }
        if self.hasOldKey(session) { self.oldKeySessionCount -= 1 }
        self.ended.add(session.statistics)
        self.log.sessionEnded(failure, session, now: self.loop.now)
    }

    func session(_ session: HostedSession, noticed notice: SessionNotice) {
        switch notice {
        case .profileFound(let profile): self.logStart(of: session, profile)
        case .parityStarted(let data, let parity):
            let own = self.configuration.host.session
            guard (data, parity) != (own.dataShards, own.parityShards) else { return }
            self.log.general.info(
                "\(session.peer): client uses FEC \(data)/\(parity); adapting (use -strict to refuse)")
        case .permutationSuspected(let peerPermutes):
            self.log.explain(
                "QPP", about: session.peer, now: self.loop.now,
                MismatchText.suspectedPermutation(peerPermutes: peerPermutes, peer: session.peer))
        }
    }

    /// A client is known to be one only now: those that are refused leave no line but the explanation.
    private func logStart(of session: HostedSession, _ profile: StreamProfile) {
        let peer = session.peer
        self.log.general.info("remote address: \(peer)")
        self.log.general.info(
            "smux version: \(profile.smuxVersion) on connection: \(session.port.socket.localAddress) -> \(peer)")
        let own = self.configuration.host.session
        let usesShards = session.clientUsesShards ?? own.usesParity
        guard !own.isStrict,
            let text = MismatchText.adaptation(profile, usesShards: usesShards, configuration: own)
        else { return }
        self.log.general.info("\(peer): \(text)")
    }

    /// Servers only answer.
    func sessionIsWaiting(_ session: HostedSession) {}

    func session(_ session: HostedSession, describe id: StreamID) -> StreamDescription {
        StreamDescription(inbound: .stream(session.peer, id), outbound: .target(self.configuration.target))
    }

    func session(_ session: HostedSession, peerOpened pump: StreamPump) {
        self.log.streamOpened(pump.description)
        guard !self.isLeaving else { return pump.end() }
        guard self.loop.hasRoom(for: "connections", log: self.log) else {
            self.loop.memory.shedding.refusedStreams += 1
            return pump.end()
        }
        StreamDialer.dial(self.configuration.target, on: self.loop).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): StreamDialer.give(channel, to: pump)
            case .failure where pump.isEnded: break
            case .failure(let error):
                self.noteUnreachableTarget(error)
                pump.end()
            }
        }
    }

    private func noteUnreachableTarget(_ error: any Error) {
        let text = "cannot reach the target \(self.configuration.target): "
        if let shortage = DescriptorLimit.explanation(of: error) {
            return self.log.shed("descriptors", now: self.loop.now, text + shortage)
        }
        self.log.shed(
            "target", now: self.loop.now, "\(text)\(ErrorText.reason(of: error)); is it running, and is -t right?")
    }
}
