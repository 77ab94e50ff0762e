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

    /// So many lanes are opened for streams of which nobody knows yet what they will be.
    private static let spread = 2
    /// With a shorter round trip what is lost is mended so soon that a second session costs more than it brings.
    private static let nearMilliseconds = 8

    /// Nobody knows yet what a new stream will be. So it goes where it neither waits for a transfer nor, should it
    /// become one, makes others wait; if there is no such lane, to another, or at the limit to that with the least load.
    /// Streams that begin at the same time are spread: one of them may turn out to be a transfer.
    /// - Parameter roundTrip: milliseconds, if it is known.
    static func choice(among loads: [LaneLoad], limit: Int, roundTrip: Int?) -> Choice {
        let isNear = roundTrip ?? .max < Self.nearMilliseconds
        let young = loads.indices.filter { loads[$0].bulkCount == 0 && loads[$0].sparseCount == 0 }
        if isNear, let first = young.first { return .lane(first) }
        if let empty = loads.firstIndex(where: { $0.streamCount == 0 }) { return .lane(empty) }
        guard isNear || loads.count >= min(Self.spread, limit) else { return .another }
        if let best = Self.least(of: young, loads) { return .lane(best) }
        guard loads.count >= limit, let least = Self.least(of: Array(loads.indices), loads) else { return .another }
        return .lane(least)
    }

    private static func least(of indices: [Int], _ loads: [LaneLoad]) -> Int? {
        indices.min { loads[$0] < loads[$1] }
    }
}
