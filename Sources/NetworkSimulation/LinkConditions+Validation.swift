/// Conditions that no link can have.
package enum LinkConditionsError: Error, Equatable {
    /// Outside of 0 … 1.
    case notAProbability(Double)
    /// A time, size or rate that is negative, or zero where that means nothing would ever pass.
    case tooSmall(quantity: String, value: Int)
}

extension LinkConditionsError: CustomStringConvertible {
    /// What is wrong and what to change.
    package var description: String {
        switch self {
        case .notAProbability(let value): "\(value) is no probability: it must lie between 0 and 1"
        case .tooSmall(let quantity, let value): "\(quantity) \(value) is too small for a link: raise it"
        }
    }
}

extension LinkConditions {
    /// Says what is wrong with conditions that somebody typed.
    package func validate() throws(LinkConditionsError) {
        try Self.check("delay", self.delayMicroseconds, atLeast: 0)
        try Self.check("datagram size", self.maximumDatagramByteCount, atLeast: 1)
        switch self.jitter {
        case .none: break
        case .inOrder(let maximum), .reordering(let maximum): try Self.check("jitter", maximum, atLeast: 0)
        }
        try Self.check("overhead", self.overheadByteCount, atLeast: 0)
        if let rate = self.rate { try rate.validate() }
        if let policer = self.policer {
            try Self.check("policer's rate", policer.bitsPerSecond, atLeast: 1)
            try Self.check("policer's burst", policer.burstByteCount, atLeast: 1)
        }
        for fault in self.faults { try fault.validate() }
    }

    fileprivate static func check(_ quantity: String, _ value: Int, atLeast least: Int) throws(LinkConditionsError) {
        guard value >= least else { throw .tooSmall(quantity: quantity, value: value) }
    }
}

extension LinkConditions.Rate {
    fileprivate func validate() throws(LinkConditionsError) {
        try LinkConditions.check("rate", self.bitsPerSecond, atLeast: 1)
        for step in self.steps { try LinkConditions.check("rate", step.bitsPerSecond, atLeast: 1) }
        switch self.queueLimit {
        case .none: break
        case .bytes(let limit), .milliseconds(let limit):
            try LinkConditions.check("queue limit", limit, atLeast: 0)
        }
    }
}

extension LinkFault {
    fileprivate func validate() throws(LinkConditionsError) {
        if case .lateness(_, let delay) = self { try LinkConditions.check("delay", delay, atLeast: 0) }
        for probability in self.probabilities {
            guard probability >= 0, probability <= 1 else { throw .notAProbability(probability) }
        }
    }

    private var probabilities: [Double] {
        switch self {
        case .loss(let probability), .duplication(let probability), .corruption(let probability),
            .truncation(let probability), .lateness(let probability, _):
            [probability]
        case .burstLoss(let model): [model.entering, model.leaving, model.lossWhenGood, model.lossWhenBad]
        case .outage: []
        }
    }
}
