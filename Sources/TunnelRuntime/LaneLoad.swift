/// What a new stream would have to share a lane or slot with. Less is better: first fewer transfers, then fewer streams.
struct LaneLoad: Comparable {
    var bulkCount = 0
    var streamCount = 0

    static func < (left: LaneLoad, right: LaneLoad) -> Bool {
        (left.bulkCount, left.streamCount) < (right.bulkCount, right.streamCount)
    }

    static func += (left: inout LaneLoad, right: LaneLoad) {
        left.bulkCount += right.bulkCount
        left.streamCount += right.streamCount
    }

    /// What a slot does with a new stream.
    enum Choice: Equatable {
        /// Gives it to this lane.
        case lane(Int)
        /// Opens another lane for it.
        case another
    }

    /// The first lane without transfers; if all have some, another, or at the limit the one with the least load.
    static func choice(among loads: [LaneLoad], limit: Int) -> Choice {
        if let free = loads.firstIndex(where: { $0.bulkCount == 0 }) { return .lane(free) }
        guard loads.count >= limit, let least = loads.min() else { return .another }
        return .lane(loads.firstIndex(of: least) ?? 0)
    }
}
