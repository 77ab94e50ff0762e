import Logging
import NIOCore
import PacketPrimitives
import Synchronization

/// What all event loops of a client know of its remotes. Says in the log what changes.
final class ClientRemotes: Sendable {
    private struct State {
        var pool: RemotePool
        /// Remotes that have said something on the level of streams, so that the settings fit theirs.
        var speaking: Set<PortRange> = []
    }

    private let state: Mutex<State>
    private let lookup: NameLookup
    private let log: HostLog

    init(_ remotes: [PortRange], lookup: NameLookup, log: HostLog) {
        self.state = Mutex(State(pool: RemotePool(remotes)))
        self.lookup = lookup
        self.log = log
    }

    func update(_ remotes: [PortRange]) { self.state.withLock { $0.pool.update(remotes) } }

    // MARK: Choosing

    var isFixed: Bool { self.state.withLock { $0.pool.isFixed } }

    /// Nothing is left that has not failed.
    var isHopeless: Bool { self.state.withLock { $0.pool.hopeful == nil } }

    /// See `RemotePool.next`.
    func next(now: Instant, isUrgent: Bool) -> RemotePool.Step {
        self.state.withLock { $0.pool.next(now: now, isUrgent: isUrgent) }
    }

    /// See `RemotePool.better`.
    func better(than remote: PortRange, now: Instant) -> PortRange? {
        self.state.withLock { $0.pool.better(than: remote, now: now) }
    }

    func needsProof(_ endpoint: RemoteEndpoint) -> Bool {
        self.state.withLock { $0.pool.needsProof(endpoint) }
    }

    func addresses(of remote: PortRange, on loop: any EventLoop) -> EventLoopFuture<[PeerAddress]> {
        AddressResolver.resolveAll(remote.host, with: self.lookup, on: loop)
    }

    /// The address of `remote` to try after a lookup: if that has failed, one that was known before. `nil` if there is
    /// none.
    func endpoint(
        of remote: PortRange, after result: Result<[PeerAddress], any Error>, now: Instant
    ) -> RemoteEndpoint? {
        let endpoint = self.state.withLock { state in
            if case .success(let addresses) = result { state.pool.learn(addresses, of: remote) }
            return state.pool.endpoint(of: remote)
        }
        if case .failure(let error) = result, let endpoint {
            let reason = ErrorText.reason(of: error)
            self.log.shed(
                "lookup \(remote.host)", now: now,
                "\(remote.host): \(reason); going on with \(endpoint.address.host), known from before")
        }
        return endpoint
    }

    /// Whether the remote has shown that the settings fit.
    func speaks(_ remote: PortRange) -> Bool { self.state.withLock { $0.speaking.contains(remote) } }

    /// Whether any remote ever has.
    var hasEverSpoken: Bool { self.state.withLock { !$0.speaking.isEmpty } }

    // MARK: What became of it

    func noteSpeaking(_ remote: PortRange) { self.state.withLock { _ = $0.speaking.insert(remote) } }

    /// A valid packet has come from the server.
    func noteAnswer(_ endpoint: RemoteEndpoint, now: Instant) {
        guard let milliseconds = self.state.withLock({ $0.pool.noteAnswer(endpoint, now: now) }) else { return }
        self.log.general.info("remote \(endpoint) is back after \(RemoteFailure.seconds(milliseconds)) s")
    }

    /// A try that began at `start` has failed.
    func noteFailure(
        _ endpoint: RemoteEndpoint, _ failure: RemoteFailure, start: Instant, loop: LoopContext
    ) {
        let (now, random) = (loop.now, loop.random.next(as: UInt32.self))
        let (isNews, next) = self.state.withLock { state in
            let isNews = state.pool.noteFailure(endpoint, failure, start: start, now: now, random: random)
            return (isNews && !state.pool.isFixed, state.pool.hopeful)
        }
        if isNews { self.log.remoteFailed("\(endpoint)", failure, next: next) }
    }

    /// The name of `remote` could not be looked up, and never could.
    func noteLookupFailure(_ remote: PortRange, _ failure: RemoteFailure, start: Instant, loop: LoopContext) {
        let (now, random) = (loop.now, loop.random.next(as: UInt32.self))
        let (isNews, next) = self.state.withLock { state in
            let isNews = state.pool.noteLookupFailure(remote, failure, start: start, now: now, random: random)
            return (isNews, state.pool.hopeful)
        }
        if isNews { self.log.remoteFailed("\(remote)", failure, next: next) }
    }
}

extension HostLog {
    /// - Parameter next: what new sessions use now; `nil` if everything has failed.
    fileprivate func remoteFailed(_ remote: String, _ failure: RemoteFailure, next: String?) {
        let consequence = next.map { "using \($0)" } ?? "nothing else is left, so all are tried again and again"
        self.general.warning("remote \(remote) failed: \(failure); \(consequence)")
    }
}
