package import BenchmarkSupport
import LinkRelay
import NetworkSimulation

/// What has been measured of an event, once.
package struct EventMeasure: Sendable, Equatable {
    /// By name: how long something took, seconds.
    package var seconds: [String: Double] = [:]
    /// By name: what has to be so.
    package var facts: [String: Bool] = [:]

    package init(seconds: [String: Double] = [:], facts: [String: Bool] = [:]) {
        self.seconds = seconds
        self.facts = facts
    }
}

/// Something that happens to a tunnel, and what it may cost.
package struct EventCase: Sendable {
    package var name: String
    /// Whose programs are at the two ends.
    package var pair: EventPair
    /// By the name of the figure, seconds.
    package var limits: [String: Double]
    var run: @Sendable (EventBench) throws(BenchmarkError) -> EventMeasure

    /// Lets it happen, once.
    package func measure(on bench: EventBench) throws(BenchmarkError) -> EventMeasure { try self.run(bench) }

    /// All of them, in the order of the table. Those that take minutes come last.
    package static var all: [EventCase] {
        [Self.serverRestart, .rebinding(.ours), .rebinding(.originalClient)]
            + HalfCloseTarget.Order.allCases.map(Self.halfClose)
            + [
                Self.mismatch("wrong key", ["-key", "another key for this test"]),
                Self.mismatch("other cipher", ["-crypt", "salsa20"]),
            ] + [5, 30, 120].map(Self.blackout)
    }
}

/// Whose programs are at the two ends.
package enum EventPair: Sendable {
    case ours
    /// The original's client, our server.
    case originalClient

    package var name: String {
        switch self {
        case .ours: "ours"
        case .originalClient: "Debian's client, our server"
        }
    }
}

// MARK: - Events

extension EventCase {
    private static let downSeconds = 2.0

    static var serverRestart: EventCase {
        EventCase(name: "server restarted", pair: .ours, limits: ["new connection served": 1]) {
            bench throws(BenchmarkError) in
            try bench.withTunnel { tunnel throws(BenchmarkError) in
                let old = try EchoProbe(throughPort: tunnel.port)
                guard old.waitForAnswer(after: .now, seconds: 10) else { throw .tunnel("no answer") }
                tunnel.killServer()
                Nanoseconds.sleep(seconds: Self.downSeconds)
                try tunnel.startServer()
                let back = Nanoseconds.now
                let time = ConnectionProbe.timeToFirstByte(throughPort: tunnel.port, limitMilliseconds: 60_000)
                let isTold = bench.waits(seconds: 5) { tunnel.clientLog.contains("restarted") }
                while !old.current.isCut, (Nanoseconds.now - back).seconds < 60 { Nanoseconds.sleep(seconds: 0.01) }
                let cut = (Nanoseconds.now - back).seconds
                _ = old.finish(seconds: 0)
                return EventMeasure(
                    seconds: ["new connection served": time?.seconds ?? .infinity, "old connection ended": cut],
                    facts: ["the client says why": isTold])
            }
        }
    }

    static func rebinding(_ pair: EventPair) -> EventCase {
        EventCase(name: "NAT rebinding", pair: pair, limits: ["gap": 1]) { bench throws(BenchmarkError) in
            try bench.withTunnel(pair) { tunnel throws(BenchmarkError) in
                let probe = try EchoProbe(throughPort: tunnel.port)
                guard probe.waitForAnswer(after: .now, seconds: 10) else { throw .tunnel("no answer") }
                Nanoseconds.sleep(seconds: 1)
                let time = Nanoseconds.now
                tunnel.relay.rebind()
                Nanoseconds.sleep(seconds: 3)
                let log = probe.finish(seconds: 60)
                return EventMeasure(
                    seconds: ["gap": log.longestGap(from: time)], facts: ["streams survive": log.isComplete])
            }
        }
    }

    static func blackout(_ seconds: Int) -> EventCase {
        // Sessions may be silent for 45 s unless told otherwise.
        let flags = seconds < 45 ? [] : ["-keepalivetimeout", "\(seconds + 60)"]
        let name = (["blackout of \(seconds) s"] + (flags.isEmpty ? [] : [flags.joined(separator: " ")]))
            .joined(separator: ", ")
        return EventCase(name: name, pair: .ours, limits: ["resumed after": 1]) { bench throws(BenchmarkError) in
            try bench.withTunnel(both: flags) { tunnel throws(BenchmarkError) in
                let probe = try EchoProbe(throughPort: tunnel.port)
                guard probe.waitForAnswer(after: .now, seconds: 10) else { throw .tunnel("no answer") }
                Nanoseconds.sleep(seconds: 1)
                tunnel.setBlackout(true)
                Nanoseconds.sleep(seconds: Double(seconds))
                let back = Nanoseconds.now
                tunnel.setBlackout(false)
                _ = probe.waitForAnswer(after: back, seconds: 120)
                let log = probe.finish(seconds: 60)
                return EventMeasure(
                    seconds: ["resumed after": log.wait(from: back)], facts: ["streams survive": log.isComplete])
            }
        }
    }

    static func mismatch(_ name: String, _ clientFlags: [String]) -> EventCase {
        EventCase(
            name: name, pair: .ours,
            limits: ["client explains": 5, "server explains": 5, "connection ended": 5]
        ) { bench throws(BenchmarkError) in
            try bench.withTunnel(client: clientFlags) { tunnel throws(BenchmarkError) in
                let socket = try StreamSocket.connected(toPort: tunnel.port)
                defer { socket.close() }
                let start = Nanoseconds.now
                _ = socket.send(Request.echo.rawValue)
                socket.limitWaiting(toMilliseconds: 1)
                var times: [String: Double] = [:]
                let isOver = bench.waits(seconds: 60) {
                    let now = (Nanoseconds.now - start).seconds
                    func note(_ name: String, _ isTrue: Bool) { if isTrue, times[name] == nil { times[name] = now } }
                    note("client explains", tunnel.clientLog.contains("no valid answer"))
                    note("server explains", tunnel.serverLog.contains("cannot be read"))
                    if times["connection ended"] == nil { note("connection ended", socket.hasEnded) }
                    return times.count == 3
                }
                for name in ["client explains", "server explains", "connection ended"] where times[name] == nil {
                    times[name] = .infinity
                }
                return EventMeasure(seconds: times, facts: ["all of it happens": isOver])
            }
        }
    }

    static func halfClose(_ order: HalfCloseTarget.Order) -> EventCase {
        let name = order == .clientFirst ? "half-close, request first" : "half-close, answer first"
        return EventCase(name: name, pair: .ours, limits: [:]) { bench throws(BenchmarkError) in
            let target = try HalfCloseTarget()
            defer { target.stop() }
            return try bench.withTunnel(target: target.port) { tunnel throws(BenchmarkError) in
                let socket = try StreamSocket.connected(toPort: tunnel.port)
                defer { socket.close() }
                socket.limitWaiting(toMilliseconds: 30_000)
                let start = Nanoseconds.now
                _ = socket.send(order.rawValue)
                var answered = 0
                if order == .targetFirst { answered = HalfCloseTarget.receive(from: socket) }
                HalfCloseTarget.send(to: socket)
                socket.finishWriting()
                if order == .clientFirst { answered = HalfCloseTarget.receive(from: socket) }
                let isComplete = bench.waits(seconds: 30) { target.receivedByteCount == HalfCloseTarget.byteCount }
                return EventMeasure(
                    seconds: ["both directions": (Nanoseconds.now - start).seconds],
                    facts: ["complete": isComplete && answered == HalfCloseTarget.byteCount])
            }
        }
    }
}
