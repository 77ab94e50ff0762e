import NIOCore
import PacketPrimitives
import TunnelCore

/// The part of a client on one event loop: its slots, and the connections accepted for them.
final class ClientLoop {
    let loop: LoopContext
    private let slots: [ClientSlot]
    private let log: HostLog
    private var nextSlot = 0
    private var isLeaving = false
    /// Connections that wait for a session.
    private var waitingCount = 0
    private static let waitingLimit = 4096

    init(
        loop: LoopContext, configuration: ClientConfiguration, remotes: ClientRemotes, slotCount: Int, log: HostLog
    ) {
        self.loop = loop
        self.log = log
        self.slots = (0..<slotCount).map { _ in
            ClientSlot(loop: loop, configuration: configuration, remotes: remotes, log: log)
        }
    }

    /// Gives an accepted connection a stream.
    func accept(_ channel: any Channel, heldBy holder: ConnectionHolder) {
        guard !self.isLeaving, self.takesStream() else { return channel.close(promise: nil) }
        StreamChannelOptions.apply(to: channel, on: self.loop)
        self.openStream(for: channel, heldBy: holder)
    }

    /// Whether there is room for another connection. Those that wait for a session hold nothing but a place.
    private func takesStream() -> Bool {
        let hasRoom = self.waitingCount < Self.waitingLimit && self.loop.hasRoom(for: "connections", log: self.log)
        if !hasRoom { self.loop.memory.shedding.refusedStreams += 1 }
        return hasRoom
    }

    /// - Parameter holder: who has the connection; the stream's first try, if nobody has seen anything of that.
    private func openStream(for channel: any Channel, heldBy holder: any StreamHolder) {
        self.waitingCount += 1
        self.slotForStream().withSession { session in
            self.waitingCount -= 1
            guard let session else { return channel.close(promise: nil) }
            self.openStream(on: session, for: channel, heldBy: holder)
        }
    }

    /// The slot with the least load, of several that have it the next in turn. In turn by the original's rules.
    private func slotForStream() -> ClientSlot {
        var best = self.nextSlot
        if self.slots.count > 1, self.loop.configuration.rules != .original {
            let now = self.loop.now
            let loads = self.slots.map { $0.load(now: now) }
            for offset in 1..<self.slots.count {
                let slot = (self.nextSlot + offset) % self.slots.count
                if loads[slot] < loads[best] { best = slot }
            }
        }
        self.nextSlot = (best + 1) % self.slots.count
        return self.slots[best]
    }

    private func openStream(on session: HostedSession, for channel: any Channel, heldBy holder: any StreamHolder) {
        guard channel.isActive else { return }
        let inbound = Self.end(of: channel)
        let pump = session.openStream { StreamDescription(inbound: inbound, outbound: .stream(session.peer, $0)) }
        guard let pump else { return channel.close(promise: nil) }
        self.log.streamOpened(pump.description)
        pump.restart = { [unowned self] in self.openStream(for: channel, heldBy: $0) }
        pump.takeOver(channel, from: holder)
    }

    private static func end(of channel: any Channel) -> StreamEnd {
        if let address = channel.remoteAddress?.peerAddress { return .connection(address.unmapped) }
        return channel.localAddress?.pathname.map { .socket(path: $0) } ?? .nobody
    }

    var statistics: HostStatistics {
        self.slots.reduce(into: HostStatistics()) { $0 += $1.statistics }
    }

    func add(to snapshot: inout HostSnapshot) { for slot in self.slots { slot.add(to: &snapshot) } }

    /// Takes other settings over. `renewsSessions`: they matter to sessions, so new streams get new ones.
    func update(_ configuration: ClientConfiguration, renewsSessions: Bool) {
        self.loop.update(configuration.host)
        for slot in self.slots { slot.update(configuration, renewsSession: renewsSessions) }
    }

    func close() { for slot in self.slots { slot.close() } }
}

extension ClientLoop: Leaving {
    func refuseNew() { self.isLeaving = true }

    func drain(_ patience: LeavingPatience) -> LeavingProgress {
        self.slots.reduce(into: LeavingProgress()) { $0 += $1.drain(patience) }
    }
}
