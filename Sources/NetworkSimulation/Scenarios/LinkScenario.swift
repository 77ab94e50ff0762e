package import PacketPrimitives

/// Which way something goes over a link.
package enum LinkDirection: String, CaseIterable, Sendable {
    /// From the client to the server.
    case up
    /// From the server to the client.
    case down
}

/// A path between clients and servers under a name: both directions, as a person would describe them. Rates count IP
/// bytes, times are seconds since the start of a run.
package struct LinkScenario: Equatable, Sendable {
    package var name: String
    package var roundTripMilliseconds: Double
    package var down: Path
    package var up: Path
    /// How long a run lasts that shows what is special about it.
    package var seconds: Double

    package init(name: String, roundTripMilliseconds: Double, down: Path, up: Path, seconds: Double = 12) {
        self.name = name
        self.roundTripMilliseconds = roundTripMilliseconds
        self.down = down
        self.up = up
        self.seconds = seconds
    }

    /// The same both ways.
    package init(name: String, roundTripMilliseconds: Double, bothWays path: Path, seconds: Double = 12) {
        self.init(
            name: name, roundTripMilliseconds: roundTripMilliseconds, down: path, up: path, seconds: seconds)
    }

    package subscript(direction: LinkDirection) -> Path {
        switch direction {
        case .up: self.up
        case .down: self.down
        }
    }

    /// What `Link` needs for one direction of a run that starts at `start`.
    package func conditions(_ direction: LinkDirection, start: Instant) -> LinkConditions {
        var conditions = self[direction].conditions(start: start)
        conditions.delayMicroseconds = Int(self.roundTripMilliseconds * 500)
        return conditions
    }
}

extension LinkScenario {
    /// How datagrams are lost on the way, apart from queues.
    package enum Loss: Equatable, Sendable {
        case none
        /// Each by itself.
        case random(Double)
        /// In bursts of so many datagrams on average.
        case bursts(Double, meanLength: Double)

        /// Of all datagrams.
        package var share: Double {
            switch self {
            case .none: 0
            case .random(let share), .bursts(let share, _): share
            }
        }
    }

    /// Another rate from a point in time on.
    package struct Step: Equatable, Sendable {
        package var atSeconds: Double
        package var megabitsPerSecond: Double

        package init(atSeconds: Double, megabitsPerSecond: Double) {
            self.atSeconds = atSeconds
            self.megabitsPerSecond = megabitsPerSecond
        }
    }

    /// One direction.
    package struct Path: Equatable, Sendable {
        package var megabitsPerSecond: Double
        package var queue: LinkConditions.QueueLimit
        package var loss: Loss
        package var jitter: LinkConditions.Jitter
        package var policer: Policer?
        package var steps: [Step]
        /// When nothing passes.
        package var blackouts: [Range<Double>]
        /// Duplicates, damage, stragglers.
        package var otherFaults: [LinkFault]

        package init(
            megabitsPerSecond: Double, queue: LinkConditions.QueueLimit, loss: Loss = .none,
            jitter: LinkConditions.Jitter = .none, policer: Policer? = nil, steps: [Step] = [],
            blackouts: [Range<Double>] = [], otherFaults: [LinkFault] = []
        ) {
            self.megabitsPerSecond = megabitsPerSecond
            self.queue = queue
            self.loss = loss
            self.jitter = jitter
            self.policer = policer
            self.steps = steps
            self.blackouts = blackouts
            self.otherFaults = otherFaults
        }

        fileprivate func conditions(start: Instant) -> LinkConditions {
            func time(_ seconds: Double) -> UInt64 { start.microseconds + UInt64(seconds * 1e6) }
            let rate = LinkConditions.Rate(
                bitsPerSecond: Int(self.megabitsPerSecond * 1e6), queueLimit: self.queue,
                steps: self.steps.map {
                    RateStep(fromMicroseconds: time($0.atSeconds), bitsPerSecond: Int($0.megabitsPerSecond * 1e6))
                })
            let outages = self.blackouts.map {
                LinkFault.outage(fromMicroseconds: time($0.lowerBound), untilMicroseconds: time($0.upperBound))
            }
            return LinkConditions(
                jitter: self.jitter, rate: rate, policer: self.policer,
                overheadByteCount: LinkConditions.internetOverheadByteCount,
                faults: self.loss.faults + outages + self.otherFaults)
        }
    }
}

extension LinkScenario.Loss {
    fileprivate var faults: [LinkFault] {
        switch self {
        case .none: []
        case .random(let share): [.loss(probability: share)]
        case .bursts(let share, let meanLength): [.burstLoss(BurstLoss(loss: share, meanLength: meanLength))]
        }
    }
}

// MARK: In words

extension LinkScenario {
    /// The path in a few words, for reports.
    package var summary: String {
        let back = self.up == self.down ? "" : "; up \(self.up.summary)"
        return "\(Int(self.roundTripMilliseconds.rounded())) ms, \(self.down.summary)\(back)"
    }
}

extension LinkScenario.Path {
    fileprivate var summary: String {
        var parts = ["\((self.megabitsPerSecond * 10).rounded() / 10) Mbit/s"]
        switch self.loss {
        case .none: break
        case .random(let share): parts.append("loss \((share * 1000).rounded() / 10) %")
        case .bursts(let share, let length):
            parts.append("loss \((share * 1000).rounded() / 10) % in bursts of \((length * 10).rounded() / 10)")
        }
        switch self.queue {
        case .none: break
        case .milliseconds(let limit): parts.append("queue \(limit) ms")
        case .bytes(let limit): parts.append("queue \(Int(Double(limit) / self.megabitsPerSecond / 125)) ms")
        }
        switch self.jitter {
        case .none: break
        case .inOrder(let maximum): parts.append("jitter \(Double(maximum / 100) / 10) ms")
        case .reordering(let maximum): parts.append("reordering \(Double(maximum / 100) / 10) ms")
        }
        if let policer = self.policer { parts.append("policed to \(policer.bitsPerSecond / 100_000 * 100) kbit/s") }
        return parts.joined(separator: ", ")
    }
}
