// The links that results are given for. Letters are those of the published tables; the words show one fault each.
extension LinkScenario {
    /// No loss.
    package static let a = LinkScenario(
        name: "a", roundTripMilliseconds: 50, bothWays: Path(megabitsPerSecond: 100, queue: .milliseconds(100)))
    /// A good line with a little loss.
    package static let b = LinkScenario(
        name: "b", roundTripMilliseconds: 50,
        bothWays: Path(megabitsPerSecond: 100, queue: .milliseconds(100), loss: .random(0.01)))
    /// More loss.
    package static let c = LinkScenario(
        name: "c", roundTripMilliseconds: 50,
        bothWays: Path(megabitsPerSecond: 100, queue: .milliseconds(100), loss: .random(0.05)))
    /// The same between continents.
    package static let d = LinkScenario(
        name: "d", roundTripMilliseconds: 200,
        bothWays: Path(megabitsPerSecond: 100, queue: .milliseconds(100), loss: .random(0.05)))
    /// A slower and worse one.
    package static let e = LinkScenario(
        name: "e", roundTripMilliseconds: 150,
        bothWays: Path(megabitsPerSecond: 20, queue: .milliseconds(100), loss: .random(0.1)))
    /// Losses in bursts.
    package static let f = LinkScenario(
        name: "f", roundTripMilliseconds: 80,
        bothWays: Path(megabitsPerSecond: 50, queue: .milliseconds(100), loss: .bursts(0.03, meanLength: 8)))
    /// A home line: asymmetric, with a long queue.
    package static let g = LinkScenario(
        name: "g", roundTripMilliseconds: 40,
        down: Path(megabitsPerSecond: 20, queue: .milliseconds(300), loss: .random(0.01)),
        up: Path(megabitsPerSecond: 2, queue: .milliseconds(300), loss: .random(0.01)))
    /// Hardly usable.
    package static let h = LinkScenario(
        name: "h", roundTripMilliseconds: 100,
        bothWays: Path(megabitsPerSecond: 10, queue: .milliseconds(100), loss: .random(0.3)))

    /// 50, then 10, then 50 Mbit/s again; the buffer is one of bytes, as buffers are.
    package static let steps = LinkScenario(
        name: "steps", roundTripMilliseconds: 40,
        bothWays: Path(
            megabitsPerSecond: 50, queue: .bytes(625_000),
            steps: [Step(atSeconds: 6, megabitsPerSecond: 10), Step(atSeconds: 12, megabitsPerSecond: 50)]),
        seconds: 18)
    /// A provider's policer in front of a line that is faster.
    package static let policer = LinkScenario(
        name: "policer", roundTripMilliseconds: 40,
        down: Path(
            megabitsPerSecond: 100, queue: .milliseconds(100),
            policer: Policer(bitsPerSecond: 20_000_000, burstByteCount: 100_000)),
        up: Path(megabitsPerSecond: 100, queue: .milliseconds(100)))
    /// Datagrams overtake each other.
    package static let reordering = LinkScenario(
        name: "reordering", roundTripMilliseconds: 50,
        bothWays: Path(
            megabitsPerSecond: 50, queue: .milliseconds(100), loss: .random(0.01),
            jitter: .reordering(maximumMicroseconds: 8000)))
    /// Radio: delays vary, the order stays.
    package static let jitter = LinkScenario(
        name: "jitter", roundTripMilliseconds: 50,
        bothWays: Path(
            megabitsPerSecond: 50, queue: .milliseconds(100), loss: .random(0.01),
            jitter: .inOrder(maximumMicroseconds: 20_000)))
    /// Half a second of silence.
    package static let blackout = LinkScenario(
        name: "blackout", roundTripMilliseconds: 50,
        bothWays: Path(megabitsPerSecond: 50, queue: .milliseconds(100), loss: .random(0.01), blackouts: [5..<5.5]))
    /// A buffer much shorter than the round trip.
    package static let shallow = LinkScenario(
        name: "shallow", roundTripMilliseconds: 100,
        bothWays: Path(megabitsPerSecond: 40, queue: .milliseconds(10), loss: .random(0.05)))
    /// Datagrams come twice, damaged, or much too late.
    package static let damage = LinkScenario(
        name: "damage", roundTripMilliseconds: 50,
        bothWays: Path(
            megabitsPerSecond: 50, queue: .milliseconds(100),
            otherFaults: [
                .duplication(probability: 0.01), .corruption(probability: 0.01),
                .lateness(probability: 0.01, delayMicroseconds: 30_000),
            ]))

    /// A local network.
    package static let gigabit = LinkScenario(
        name: "gigabit", roundTripMilliseconds: 1,
        bothWays: Path(megabitsPerSecond: 1000, queue: .milliseconds(10)))

    /// The links of the tables.
    package static let lettered: [LinkScenario] = [.a, .b, .c, .d, .e, .f, .g, .h]
    /// Every link with a name.
    package static let named: [LinkScenario] =
        lettered + [.steps, .policer, .reordering, .jitter, .blackout, .shallow, .damage, .gigabit]
}
