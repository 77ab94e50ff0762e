import DatagramIO
import ErasureCoding
import PacketPrimitives
import TunnelCore
package import TunnelRuntime

/// Says what is wrong, from what has changed between two snapshots of a host.
package struct Diagnosis: Sendable {
    let earlier: HostSnapshot?
    let later: HostSnapshot

    /// - Parameter earlier: some seconds older; `nil` if there is none: then only what the moment shows is looked at.
    package init(from earlier: HostSnapshot?, to later: HostSnapshot) {
        self.earlier = earlier
        self.later = later
    }

    /// The worst first; of many sessions with troubles only the first ones.
    package var findings: [Finding] {
        let sessions = SessionDiagnosis.all(from: self.earlier, to: self.later).flatMap(\.findings)
        let findings = self.hostFindings + sessions
        // Sorting is not stable; the order within a severity is.
        let sorted = findings.filter { $0.severity == .problem } + findings.filter { $0.severity == .notice }
        return Array(sorted.prefix(Self.findingLimit))
    }

    /// More would not be read.
    static let findingLimit = 12
    /// A loop this late delays all its sessions.
    private static let longLagMicroseconds = 100_000

    private var hostFindings: [Finding] {
        [
            self.wrongKey, self.unknownSessions, self.fullMemory, self.overflow, self.unsent, self.lag,
            self.uselessParity,
        ].compactMap { $0 } + self.failedRemotes + self.later.bufferShortfalls.map(Self.finding)
    }

    /// How much a counter has grown; 0 without an earlier snapshot.
    private func gain(_ counter: KeyPath<HostStatistics, UInt64>) -> UInt64 {
        guard let earlier else { return 0 }
        let (before, after) = (earlier.totals[keyPath: counter], self.later.totals[keyPath: counter])
        return after >= before ? after - before : 0
    }

    private var wrongKey: Finding? {
        let count = self.gain(\.ingress.failedChecksum)
        guard count > 0 else { return nil }
        return Finding(
            .problem, "\(Self.text(count)) arrived that failed the cipher's check.",
            advice: "Compare --key and --crypt at both ends; or something else sends to this port.")
    }

    private var failedRemotes: [Finding] {
        self.later.failedRemotes.sorted { $0.key < $1.key }.map { remote, reason in
            Finding(
                .problem, "The last try to reach \(remote) has failed: \(reason).",
                advice: "The log says more. Does kcptun-server run there, and are --key and --crypt the same?")
        }
    }

    private var unknownSessions: Finding? {
        let count = self.gain(\.ingress.refusedPackets)
        guard count > 0 else { return nil }
        return Finding(
            .notice, "\(Self.text(count)) arrived for sessions that are not known here.",
            advice: "Normal for up to a minute after this server was restarted: clients notice and connect again.")
    }

    private var fullMemory: Finding? {
        guard let before = self.earlier?.heldMemory.shedding else { return nil }
        let now = self.later.heldMemory.shedding
        guard (now.refusedSessions, now.refusedStreams) != (before.refusedSessions, before.refusedStreams) else {
            return nil
        }
        return Finding(
            .problem, "Connections are refused, as those that there are hold all of the memory that they may.",
            advice: "Raise --memlimit, or lower --sndwnd, --rcvwnd, --smuxbuf and --streambuf.")
    }

    private var overflow: Finding? {
        let count = self.gain(\.socket.receiveQueueOverflows)
        guard count > 0 else { return nil }
        return Finding(
            .problem, "The kernel threw away \(count) arrivals, as the receive buffer of a UDP socket was full.",
            advice: "Raise --sockbuf, and net.core.rmem_max with it.")
    }

    private var unsent: Finding? {
        let before = self.earlier?.totals.socket.droppedDatagrams ?? [:]
        let gains = self.later.totals.socket.droppedDatagrams.filter { number, count in
            count > before[number, default: 0] && self.earlier != nil
        }
        guard let error = gains.keys.min() else { return nil }
        return Finding(
            .problem, "The system refuses to send datagrams: \(SystemError.text(of: error)).",
            advice: "Look at routes, firewall and mtu of this machine.")
    }

    private var lag: Finding? {
        guard let earlier else { return nil }
        func slow(_ snapshot: HostSnapshot) -> UInt64 {
            snapshot.loops.reduce(0) { $0 + $1.lag.count(aboveMicroseconds: Self.longLagMicroseconds) }
        }
        guard slow(self.later) > slow(earlier) else { return nil }
        return Finding(
            .problem, "An event loop was more than \(Self.longLagMicroseconds / 1000) ms late.",
            advice:
                "The machine is too busy for the traffic: give it more processor, or a cheaper --crypt and less FEC.")
    }

    private var uselessParity: Finding? {
        let statistics = self.later.totals.sessions.parityDecoder
        guard statistics.parityPackets >= Self.leastParityPackets, statistics.recoveredPackets == 0 else { return nil }
        return Finding(
            .notice, "None of \(statistics.parityPackets) parity packets was needed: the link loses nothing.",
            advice: "If it stays that good, --parityshard 0 at both ends saves bandwidth.")
    }

    /// Parity for some hundred megabytes: of fewer nothing can be concluded.
    private static let leastParityPackets: UInt64 = 50_000

    private static func finding(_ shortfall: BufferShortfall) -> Finding {
        Finding(
            .notice,
            "The \(shortfall.direction == .send ? "send" : "receive") buffer of the UDP socket is "
                + "\(shortfall.grantedByteCount) bytes instead of \(shortfall.requestedByteCount).",
            advice: "Run: sysctl -w \(shortfall.systemSetting)=\(shortfall.requestedByteCount)")
    }

    private static func text(_ count: UInt64) -> String { count == 1 ? "1 datagram" : "\(count) datagrams" }
}
