import ErasureCoding
import KCP
import Smux

extension TunnelSession {
    /// Begins to send parity once it is known which parity the peer can read, and keeps to that.
    ///
    /// A decoder of the original that has other counts than ours, or none, rebuilds garbage from our parity until it has
    /// found out (measured with the 2021 build: wrong bytes reach the application). So the peer's own counts are used, when
    /// it has shown them; to a program of this project any counts may be sent, so it gets those that are set here.
    mutating func startParity() {
        guard self.isWaitingForCounts, let counts = self.readableCounts else { return }
        // Counts that a decoder confirmed, or that the configuration was checked for, make a code.
        try? self.parityEncoder?.startGroups(dataShards: counts.dataShards, parityShards: counts.parityShards)
        self.streams.notices.append(
            .parityStarted(dataShards: counts.dataShards, parityShards: counts.parityShards))
    }

    /// Sends parity by the counts that are set here, whatever the peer can read.
    mutating func startOwnParity() {
        guard self.configuration.usesParity else { return }
        try? self.parityEncoder?.startGroups(
            dataShards: self.configuration.dataShards, parityShards: self.configuration.parityShards)
    }

    /// Parity goes out with what is sent now.
    var sendsParity: Bool {
        switch self.parityEncoder {
        case .some(let encoder): encoder.isGrouping && !encoder.isSuspended
        case .none: false
        }
    }

    /// The group that may carry what is sent again while nothing else gets parity.
    var repairGroup: RepairGroup? {
        switch self.parityEncoder {
        case .some(let encoder):
            encoder.isGrouping && encoder.isSuspended
                ? RepairGroup(dataShards: encoder.dataShards, parityShards: encoder.parityShards) : nil
        case .none: nil
        }
    }

    private var isWaitingForCounts: Bool {
        switch self.parityEncoder {
        case .some(let encoder): !encoder.isGrouping
        case .none: false
        }
    }

    private var readableCounts: (dataShards: Int, parityShards: Int)? {
        let own = (dataShards: self.configuration.dataShards, parityShards: self.configuration.parityShards)
        if self.configuration.usesParity, self.isPeerIntroduced { return own }
        guard let shown = self.shownCounts else { return nil }
        if shown == own { return own }
        let isFollowed = shown.parityShards <= SessionConfiguration.largestFollowedParityCount
        return isFollowed && !self.configuration.isStrict ? shown : nil
    }

    /// The counts that the peer's own packets have shown.
    private var shownCounts: (dataShards: Int, parityShards: Int)? {
        switch self.parityDecoder {
        case .some(let decoder): decoder.confirmedRatio
        case .none: nil
        }
    }
}
