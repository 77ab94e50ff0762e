/// What a new stream would have to share a lane or slot with. Less is better: first fewer transfers, then fewer streams.
struct LaneLoad: Comparable {
    /// Streams that move much.
    var bulkCount = 0
    /// Streams that have been there for a while without moving much.
    var sparseCount = 0
    var streamCount = 0

    static func < (left: LaneLoad, right: LaneLoad) -> Bool {
        (left.bulkCount, left.streamCount) < (right.bulkCount, right.streamCount)
    }

    static func += (left: inout LaneLoad, right: LaneLoad) {
        left.bulkCount += right.bulkCount
        left.sparseCount += right.sparseCount
        left.streamCount += right.streamCount
    }

    /// What a slot does with a new stream.
    enum Choice: Equatable {
        /// Gives it to this lane.
        case lane(Int)
        /// Opens another lane for it.
        case another
    }

    /// Nobody knows yet what a new stream will be. So it goes where it neither waits for a transfer nor, should it
    /// become one, makes others wait; if there is no such lane, to another, or at the limit to that with the least load.
    static func choice(among loads: [LaneLoad], limit: Int) -> Choice {
        if let free = loads.firstIndex(where: { $0.bulkCount == 0 && $0.sparseCount == 0 }) { return .lane(free) }
        guard loads.count >= limit, let least = loads.min() else { return .another }
        return .lane(loads.firstIndex(of: least) ?? 0)
    }
}
