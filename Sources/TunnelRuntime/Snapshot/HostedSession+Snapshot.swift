import DatagramIO
import PacketPrimitives
import TunnelCore

extension HostedSession {
    func snapshot(_ state: SessionState) -> SessionSnapshot {
        let now = self.loop.now
        var streams = StreamCensus()
        for pump in self.pumps.values { pump.add(to: &streams) }
        return SessionSnapshot(
            peer: self.peer, local: self.port.socket.localAddress, state: state,
            ageMilliseconds: now.milliseconds(since: self.created),
            silenceMilliseconds: self.lastHeard.map { now.milliseconds(since: $0) }, isWaiting: self.isWaiting,
            figures: self.session.figures, statistics: self.session.statistics, streams: streams)
    }
}
