import DatagramIO
import NIOCore
import PacketPrimitives
import TunnelCore

/// Who has begun an attempt.
protocol SessionAttemptOwner: AnyObject {
    /// The session can have streams. The attempt is over, and the connection the owner's.
    func attempt(_ attempt: SessionAttempt, made connection: ClientConnection)
    /// Said once. The attempt may still succeed later if there is a session by now, until it is cancelled.
    func attemptFailed(_ attempt: SessionAttempt, _ failure: RemoteFailure)
    /// A session that had no streams has ended.
    func attempt(_ attempt: SessionAttempt, lost connection: ClientConnection)
}

/// One try to make a session with a remote: looks its name up, takes one of the addresses, opens a socket, and waits for
/// the server's first answer where another address or remote may turn out to be the right one.
final class SessionAttempt {
    private enum Stage {
        case lookingUp
        case dialing(RemoteEndpoint)
        case proving(ClientConnection)
        case over
    }

    let remote: PortRange
    private let remotes: ClientRemotes
    private var configuration: ClientConfiguration
    private let loop: LoopContext
    private let log: HostLog
    private weak var owner: (any SessionAttemptOwner)?
    private let start: Instant
    private var stage = Stage.lookingUp
    private var hasFailed = false
    private var patience: Scheduled<Void>?

    /// A name server that has not answered by then will not.
    private static let lookupMilliseconds = 5000

    init(
        _ remote: PortRange, of remotes: ClientRemotes, configuration: ClientConfiguration, loop: LoopContext,
        log: HostLog,
        owner: any SessionAttemptOwner
    ) {
        self.remote = remote
        self.remotes = remotes
        self.configuration = configuration
        self.loop = loop
        self.log = log
        self.owner = owner
        self.start = loop.now
    }

    /// Begins. The owner may hear of the outcome before this returns.
    func begin() {
        guard case .lookingUp = self.stage else { return }
        self.wait(milliseconds: Self.lookupMilliseconds) {
            let error = AddressError.unresolvable(reason: "the name server does not answer")
            self.lookedUp(.failure(error))
        }
        self.remotes.addresses(of: self.remote, on: self.loop.eventLoop).assumeIsolated().whenComplete {
            self.lookedUp($0)
        }
    }

    /// Takes over what may change without another attempt.
    func update(_ configuration: ClientConfiguration) {
        self.configuration = configuration
        if case .proving(let connection) = self.stage { connection.session.update(configuration.host) }
    }

    /// Gives up.
    func cancel() {
        let stage = self.stage
        self.finish()
        if case .proving(let connection) = stage { connection.session.end(.closed) }
    }

    private func finish() {
        self.stage = .over
        self.patience?.cancel()
        self.patience = nil
    }

    private func wait(milliseconds: Int, then body: @escaping () -> Void) {
        self.patience?.cancel()
        self.patience = self.loop.isolated.scheduleTask(in: .milliseconds(Int64(milliseconds)), body)
    }

    // MARK: Steps

    private func lookedUp(_ result: Result<[PeerAddress], any Error>) {
        guard case .lookingUp = self.stage else { return }
        self.patience?.cancel()
        guard let endpoint = self.remotes.endpoint(of: self.remote, after: result, now: self.loop.now) else {
            return self.failLookup(result)
        }
        self.stage = .dialing(endpoint)
        let peer = endpoint.address.with(port: UInt16.random(in: self.remote.ports))
        ClientLink.dial(peer, self.configuration.host, on: self.loop) { result in
            guard case .dialing = self.stage else {
                if case .success(let link) = result { link.close() }
                return
            }
            switch result {
            case .success(let link): self.open(with: endpoint, at: peer, over: link)
            case .failure(let error): self.fail(.refused(ErrorText.reason(of: error)))
            }
        }
    }

    private func open(with endpoint: RemoteEndpoint, at peer: PeerAddress, over link: ClientLink) {
        let connection = ClientConnection(
            with: endpoint, at: peer, over: link, configuration: self.configuration, loop: self.loop, log: self.log,
            knowsServer: self.remotes.speaks(self.remote))
        connection.owner = self
        connection.open().assumeIsolated().whenComplete { result in
            guard case .dialing = self.stage else { return connection.session.end(.closed) }
            switch result {
            case .success: self.opened(connection)
            case .failure(let error):
                self.fail(.refused(ErrorText.reason(of: error)))
                connection.session.end(.closed)
            }
        }
    }

    private func opened(_ connection: ClientConnection) {
        guard self.remotes.needsProof(connection.endpoint) else { return self.succeed(connection) }
        self.stage = .proving(connection)
        connection.session.probePeer()
        self.wait(milliseconds: RemotePool.patienceMilliseconds) {
            self.fail(.unanswered(milliseconds: RemotePool.patienceMilliseconds))
        }
    }

    // MARK: Outcome

    private func succeed(_ connection: ClientConnection) {
        self.finish()
        self.owner?.attempt(self, made: connection)
    }

    private func failLookup(_ result: Result<[PeerAddress], any Error>) {
        // A lookup that succeeded is of no use if a reload has taken the remote out of the list meanwhile.
        let failure =
            switch result {
            case .failure(let error): RemoteFailure.refused(ErrorText.reason(of: error))
            case .success: RemoteFailure.refused("it is not used any more")
            }
        self.remotes.noteLookupFailure(self.remote, failure, start: self.start, loop: self.loop)
        self.tellFailure(failure)
    }

    private func fail(_ failure: RemoteFailure) {
        guard !self.hasFailed else { return }
        switch self.stage {
        case .lookingUp, .over: return
        case .dialing(let endpoint):
            self.remotes.noteFailure(endpoint, failure, start: self.start, loop: self.loop)
        case .proving(let connection):
            self.remotes.noteFailure(connection.endpoint, failure, start: self.start, loop: self.loop)
        }
        self.tellFailure(failure)
    }

    private func tellFailure(_ failure: RemoteFailure) {
        self.hasFailed = true
        self.owner?.attemptFailed(self, failure)
    }

    /// The server does not answer: says what may be the reason.
    func explain(_ failure: RemoteFailure) {
        guard case .proving(let connection) = self.stage, case .unanswered(let milliseconds) = failure else { return }
        connection.explainSilence(milliseconds: milliseconds)
    }
}

extension SessionAttempt: ClientConnectionOwner {
    func connectionAnswered(_ connection: ClientConnection) {
        guard case .proving = self.stage else { return }
        self.remotes.noteAnswer(connection.endpoint, now: self.loop.now)
        self.succeed(connection)
    }

    func connection(_ connection: ClientConnection, refusedBecauseOf error: any Error) {
        self.fail(.refused(ErrorText.reason(of: error)))
    }

    func connection(_ connection: ClientConnection, ended failure: SessionFailure) {
        self.owner?.attempt(self, lost: connection)
        self.fail(.ended(failure.explanation(of: connection.session) ?? "the session has ended"))
        if case .proving = self.stage { self.finish() }
    }
}
