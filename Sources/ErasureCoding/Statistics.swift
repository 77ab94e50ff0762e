extension ParityEncoder {
    /// Counters of one encoder.
    package struct Statistics: Equatable, Sendable {
        /// KCP packets that got a header.
        package var dataPackets: UInt64 = 0
        /// Parity packets added.
        package var parityPackets: UInt64 = 0
        /// Groups that got no parity because their last packet came late (protocol 02 §4).
        package var skippedGroups: UInt64 = 0

        package init() {}

        /// Adds the counters of another encoder.
        package static func += (total: inout Self, other: Self) {
            total.dataPackets += other.dataPackets
            total.parityPackets += other.parityPackets
            total.skippedGroups += other.skippedGroups
        }
    }
}

extension ParityDecoder {
    /// Counters and gauges of one decoder; the names in brackets are the original's (protocol 02 §8).
    package struct Statistics: Equatable, Sendable {
        /// Parity packets taken (FECParityShards).
        package var parityPackets: UInt64 = 0
        /// Of these, the ones that came when their group needed none any more.
        package var unusedParityPackets: UInt64 = 0
        /// Groups whose data packets all arrived (FECFullShardSet).
        package var fullGroups: UInt64 = 0
        /// KCP packets rebuilt (FECRecovered).
        package var recoveredPackets: UInt64 = 0
        /// Rebuilt shards whose size field was nonsense (FECErrs).
        package var errors: UInt64 = 0
        /// Packets that were there already.
        package var repeatedPackets: UInt64 = 0
        /// Packets of groups that are not waited for any more.
        package var stalePackets: UInt64 = 0
        /// Packets that no FEC sender makes: too short, too long, or numbered beyond the limit.
        package var malformedPackets: UInt64 = 0
        /// How often other shard counts were found out and taken over.
        package var ratioChanges: UInt64 = 0
        /// Gauge: groups alive (FECShardSet).
        package var liveGroups: UInt64 = 0
        /// Gauge: number of the newest group (FECShardMin).
        package var newestGroup: UInt64 = 0

        package init() {}

        /// Adds the counters of another decoder, and its live groups; of the newest groups the greater number stays.
        package static func += (total: inout Self, other: Self) {
            total.parityPackets += other.parityPackets
            total.unusedParityPackets += other.unusedParityPackets
            total.fullGroups += other.fullGroups
            total.recoveredPackets += other.recoveredPackets
            total.errors += other.errors
            total.repeatedPackets += other.repeatedPackets
            total.stalePackets += other.stalePackets
            total.malformedPackets += other.malformedPackets
            total.ratioChanges += other.ratioChanges
            total.liveGroups += other.liveGroups
            total.newestGroup = max(total.newestGroup, other.newestGroup)
        }
    }
}
