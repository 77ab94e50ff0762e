import DatagramIO
import KCP
import NIOCore
import PacketPrimitives
import Smux
import TunnelCore

@testable import TunnelRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A session on its event loop whose peer is the test. Nothing but `make` and `run` may be used elsewhere.
final class LoneSession {
    let owner = Owner()
    let session: HostedSession
    /// What the session sends through.
    private(set) var socket: DatagramSocket
    private(set) var refusalsLeft = 0
    private let peer: DatagramSocket
    private var number: UInt32 = 0

    private static let conversation: UInt32 = 7

    static func make(
        _ role: TunnelRole, rules: SendingRules = .original
    ) async throws -> NIOLoopBound<LoneSession> {
        let loop = try await LocalTunnel.loopContext(of: role, usesCompression: false, rules: rules)
        return try await loop.run { NIOLoopBound(try LoneSession($0), eventLoop: $0.eventLoop) }
    }

    private init(_ loop: LoopContext) throws {
        self.peer = try LocalTunnel.muteServer()
        self.socket = try Self.socket(to: self.peer)
        self.session = HostedSession(
            conversationID: Self.conversation, port: DatagramPort(loop: loop, socket: self.socket, isConnected: true),
            peer: self.peer.localAddress, source: nil, log: RecordingLog().hostLog, closeWait: 0, owner: self.owner,
            clientUsesShards: loop.configuration.role == .server ? false : nil)
    }

    private static func socket(to peer: DatagramSocket) throws -> DatagramSocket {
        let socket = try LocalTunnel.muteServer()
        try socket.connect(to: peer.localAddress)
        return socket
    }

    func close() {
        self.session.end(.closed)
        for socket in [self.socket, self.peer] { socket.close() }
    }

    /// Gives the session the next bytes of its peer's stream, in a packet.
    func receive(_ stream: [UInt8]) {
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: SegmentHeader.byteCount + stream.count)
        var bytes = slab.mutableBytes(at: 0)
        SegmentHeader(
            conversation: Self.conversation, command: .push, window: 128, time: 1, number: self.number, expected: 0,
            payloadByteCount: stream.count
        ).write(to: &bytes, at: 0)
        bytes.copyBytes(from: stream.span.bytes, at: SegmentHeader.byteCount)
        self.number += 1
        self.session.handlePackets(slab, 0..<1, now: self.session.loop.now)
    }

    /// The bytes of a frame.
    static func frame(_ command: Frame.Command, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        let frame = Frame(
            version: 2, command: command, payloadByteCount: payload.count, stream: StreamID(rawValue: stream))
        return (0..<8).map { UInt8(truncatingIfNeeded: frame.word >> ($0 * 8)) } + payload
    }

    // MARK: A socket that takes nothing

    /// Has the system take nothing the next so many times that it is asked to.
    func refuse(_ count: Int) {
        self.refusalsLeft = count
        self.socket.sendFault = { [unowned self] _ in
            guard self.refusalsLeft > 0 else { return nil }
            self.refusalsLeft -= 1
            return EAGAIN
        }
    }

    /// Goes on from another socket, and closes the port that there was.
    func move() throws {
        let former = (port: self.session.port, socket: self.socket)
        self.socket = try Self.socket(to: self.peer)
        self.session.move(
            to: DatagramPort(loop: self.session.loop, socket: self.socket, isConnected: true), isOtherRoute: false)
        former.port.close()
        former.socket.close()
    }

    /// Opens streams, so that there is something to send.
    func openStreams(_ count: Int) {
        for _ in 0..<count {
            _ = self.session.openStream { _ in StreamDescription(inbound: .nobody, outbound: .nobody) }
        }
    }

    /// Remembers what the session says.
    final class Owner: SessionOwner {
        var opened: [StreamPump] = []

        func session(_ session: HostedSession, describe id: StreamID) -> StreamDescription {
            StreamDescription(inbound: .nobody, outbound: .nobody)
        }
        func session(_ session: HostedSession, peerOpened pump: StreamPump) { self.opened.append(pump) }
        func session(_ session: HostedSession, ended failure: SessionFailure) {}
        func session(_ session: HostedSession, noticed notice: SessionNotice) {}
        func sessionIsWaiting(_ session: HostedSession) {}
    }
}

extension NIOLoopBound {
    /// Calls `body` on the event loop.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Value) throws -> Result) async throws -> Result {
        try await self.eventLoop.submit { try body(self.value) }.get()
    }
}
