#if os(Linux)
    import DatagramIO
    import NIOCore
    import NIOPosix
    import PacketPrimitives
    import Synchronization
    import Testing

    @testable import TunnelRuntime

    @Suite struct ConnectionListenerTests {
        private static let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

        /// The peers that have sessions, for the listener to ask for. There is no answer before they are known.
        private final class Sessions: Sendable {
            private struct Unknown: Error {}

            private let peers = Mutex<Set<PeerAddress>?>(nil)

            func set(_ peers: Set<PeerAddress>) { self.peers.withLock { $0 = peers } }

            func all() -> EventLoopFuture<Set<PeerAddress>> {
                let eventLoop = ConnectionListenerTests.eventLoop
                guard let peers = self.peers.withLock({ $0 }) else { return eventLoop.makeFailedFuture(Unknown()) }
                return eventLoop.makeSucceededFuture(peers)
            }
        }

        private static func open(
            _ sessions: Sessions, patience: TimeAmount
        ) async throws -> (NIOLoopBound<ConnectionListener>, SocketAddress) {
            let listener = try await ConnectionListener.open(
                on: self.eventLoop, at: .ipv4(0x7F00_0001, port: 0), log: RecordingLog().hostLog, patience: patience,
                peers: sessions.all
            ).get()
            let address = try await self.eventLoop.submit { listener.value.localAddress?.socketAddress }.get()
            return (listener, try #require(address))
        }

        private static func close(_ listener: NIOLoopBound<ConnectionListener>) async throws {
            try await self.eventLoop.submit { listener.value.close() }.get()
        }

        private static func connect(to address: SocketAddress) async throws -> any Channel {
            try await ClientBootstrap(group: self.eventLoop).connect(to: address).get()
        }

        @Test(.timeLimit(.minutes(1))) func `a connection without a session is closed, one with a session stays`()
            async throws
        {
            let sessions = Sessions()
            let (listener, address) = try await Self.open(sessions, patience: .milliseconds(50))
            let kept = try await Self.connect(to: address)
            sessions.set([try #require(kept.localAddress?.peerAddress)])
            // Each of these takes at least one look at all connections.
            for _ in 0..<2 { try await Self.connect(to: address).closeFuture.get() }
            #expect(kept.isActive)
            try await Self.close(listener)
            try await kept.closeFuture.get()
        }

        @Test(.timeLimit(.minutes(1))) func `a closed listener closes its connections and refuses more`() async throws {
            let (listener, address) = try await Self.open(Sessions(), patience: .hours(1))
            let connection = try await Self.connect(to: address)
            try await Self.close(listener)
            try await connection.closeFuture.get()
            await #expect(throws: IOError.self) { try await Self.connect(to: address) }
        }

        @Test func `a port that is taken is an error`() async throws {
            let (listener, address) = try await Self.open(Sessions(), patience: .hours(1))
            let taken = try #require(address.peerAddress)
            await #expect(throws: IOError.self) {
                try await ConnectionListener.open(
                    on: Self.eventLoop, at: taken, log: RecordingLog().hostLog, peers: Sessions().all
                ).get()
            }
            try await Self.close(listener)
        }
    }
#endif
