import PacketPrimitives

/// What the faults of a link decide about one datagram.
struct Passage {
    /// Why it is lost; `nil` if it arrives.
    var lossCause: LossCause?
    var copyCount = 1
    var isCorrupted = false
    var isTruncated = false
    /// Added to its time of arrival.
    var latenessMicroseconds = 0
}

/// Why a datagram did not arrive.
package enum LossCause: CaseIterable, Sendable {
    case chance, burst, outage, fullQueue, policed, tooLong
}

/// The faults of a link with what they remember from datagram to datagram.
struct LossModel {
    private var faults: [(fault: LinkFault, isInBadState: Bool)]

    init(faults: [LinkFault]) { self.faults = faults.map { ($0, false) } }

    /// Decides about the next datagram. Every fault decides, so that none shifts what the others remember.
    mutating func nextPassage(now: Instant, random: SeededRandomSource) -> Passage {
        var passage = Passage()
        for index in self.faults.indices {
            Self.apply(self.faults[index].fault, &self.faults[index].isInBadState, to: &passage, now, random)
        }
        return passage
    }

    private static func apply(
        _ fault: LinkFault, _ isInBadState: inout Bool, to passage: inout Passage, _ now: Instant,
        _ random: SeededRandomSource
    ) {
        switch fault {
        case .loss(let probability):
            if random.nextUnit() < probability { passage.lose(.chance) }
        case .burstLoss(let model):
            if random.nextUnit() < (isInBadState ? model.leaving : model.entering) { isInBadState.toggle() }
            if random.nextUnit() < (isInBadState ? model.lossWhenBad : model.lossWhenGood) { passage.lose(.burst) }
        case .outage(let start, let end):
            if now.microseconds >= start, now.microseconds < end { passage.lose(.outage) }
        case .duplication(let probability):
            if random.nextUnit() < probability { passage.copyCount += 1 }
        case .corruption(let probability):
            if random.nextUnit() < probability { passage.isCorrupted = true }
        case .truncation(let probability):
            if random.nextUnit() < probability { passage.isTruncated = true }
        case .lateness(let probability, let delay):
            if random.nextUnit() < probability { passage.latenessMicroseconds += delay }
        }
    }
}

extension Passage {
    /// The first cause is the one that counts.
    fileprivate mutating func lose(_ cause: LossCause) {
        if self.lossCause == nil { self.lossCause = cause }
    }
}
