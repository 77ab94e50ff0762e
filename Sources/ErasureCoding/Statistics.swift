extension ParityEncoder {
    /// Counters of one encoder.
    public struct Statistics: Equatable, Sendable {
        /// KCP packets that got a header.
        public var dataPackets: UInt64 = 0
        /// Parity packets added.
        public var parityPackets: UInt64 = 0
        /// Their bytes, with the FEC header.
        public var parityBytes: UInt64 = 0
        /// Groups that got parity.
        public var protectedGroups: UInt64 = 0
        /// Groups that got no parity because their last packet came late (protocol 02 §4).
        public var skippedGroups: UInt64 = 0

        /// All zero.
        public init() {}

        /// Adds the counters of another encoder.
        public static func += (total: inout Self, other: Self) {
            total.dataPackets += other.dataPackets
            total.parityPackets += other.parityPackets
            total.parityBytes += other.parityBytes
            total.protectedGroups += other.protectedGroups
            total.skippedGroups += other.skippedGroups
        }
    }
}

extension ParityDecoder {
    /// Counters and gauges of one decoder; the names in brackets are the original's (protocol 02 §8).
    public struct Statistics: Equatable, Sendable {
        /// Parity packets taken (FECParityShards).
        public var parityPackets: UInt64 = 0
        /// Of these, the ones that came when their group needed none any more.
        public var unusedParityPackets: UInt64 = 0
        /// Groups whose data packets all arrived (FECFullShardSet).
        public var fullGroups: UInt64 = 0
        /// Groups that lacked data packets and were completed with parity.
        public var recoveredGroups: UInt64 = 0
        /// Groups that were given up with data packets missing.
        public var incompleteGroups: UInt64 = 0
        /// KCP packets rebuilt (FECRecovered).
        public var recoveredPackets: UInt64 = 0
        /// Rebuilt shards whose size field was nonsense (FECErrs).
        public var errors: UInt64 = 0
        /// Packets that were there already.
        public var repeatedPackets: UInt64 = 0
        /// Packets of groups that are not waited for any more.
        public var stalePackets: UInt64 = 0
        /// Packets that no FEC sender makes: too short, too long, or numbered beyond the limit.
        public var malformedPackets: UInt64 = 0
        /// How often other shard counts were found out and taken over.
        public var ratioChanges: UInt64 = 0
        /// Gauge: groups alive (FECShardSet).
        public var liveGroups: UInt64 = 0
        /// Gauge: number of the newest group (FECShardMin).
        public var newestGroup: UInt64 = 0

        /// All zero.
        public init() {}

        /// Adds the counters of another decoder, and its live groups; of the newest groups the greater number stays.
        public static func += (total: inout Self, other: Self) {
            total.parityPackets += other.parityPackets
            total.unusedParityPackets += other.unusedParityPackets
            total.fullGroups += other.fullGroups
            total.recoveredGroups += other.recoveredGroups
            total.incompleteGroups += other.incompleteGroups
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
