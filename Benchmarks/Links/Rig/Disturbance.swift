import LinkRelay
import LinkReport
import NetworkSimulation

/// What may have made results worse than they are: how well the relay kept its times, and what else the machine had to
/// do. The worst of all runs.
package struct Disturbance: Sendable, Equatable {
    /// Processors that its thread kept busy.
    package private(set) var load = 0.0
    /// Of the datagrams that it delivered, the share that left more than 0.2 ms after they were due.
    package private(set) var lateShare = 0.0
    package private(set) var largestLatenessMilliseconds = 0.0
    /// Processors that neither the programs of the run nor the rig kept busy.
    package private(set) var foreignLoad = 0.0
    /// Datagrams that a socket of the relay did not take or had no room for: should be 0.
    package private(set) var refusedCount: UInt64 = 0

    package init() {}

    package init(_ outcome: RigRun.Outcome) {
        let relay = outcome.relay
        let delivered = relay.towardServer.deliveredDatagrams + relay.towardClients.deliveredDatagrams
        self.load = outcome.relayLoad
        self.lateShare = delivered == 0 ? 0 : Double(relay.lateDepartures) / Double(delivered)
        self.largestLatenessMilliseconds = Double(relay.largestLatenessMicroseconds) / 1000
        self.refusedCount = relay.refusedDatagrams + relay.overflowedDatagrams
        self.foreignLoad = outcome.foreignLoad
    }

    package mutating func add(_ outcome: RigRun.Outcome) {
        let other = Disturbance(outcome)
        self.load = max(self.load, other.load)
        self.lateShare = max(self.lateShare, other.lateShare)
        self.largestLatenessMilliseconds = max(self.largestLatenessMilliseconds, other.largestLatenessMilliseconds)
        self.foreignLoad = max(self.foreignLoad, other.foreignLoad)
        self.refusedCount += other.refusedCount
    }

    /// In words.
    package var text: String {
        "relay busy \(FigureText.fixed(self.load * 100, decimals: 0)) %, "
            + "late \(FigureText.fixed(self.lateShare * 100, decimals: 2)) %, "
            + "at most \(FigureText.fixed(self.largestLatenessMilliseconds, decimals: 1)) ms"
            + ", others busy \(FigureText.fixed(self.foreignLoad * 100, decimals: 0)) %"
            + (self.refusedCount == 0 ? "" : ", \(self.refusedCount) datagrams lost by the relay")
    }
}
