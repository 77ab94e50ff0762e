import NetworkSimulation
import Testing

@Suite struct LinkConditionsValidationTests {
    @Test func `possible conditions are accepted`() throws {
        try LinkConditions(
            delayMilliseconds: 0, jitter: .inOrder(maximumMicroseconds: 0),
            rate: LinkConditions.Rate(bitsPerSecond: 1, queueLimit: .bytes(0)), maximumDatagramByteCount: 1,
            faults: [
                .loss(probability: 0), .corruption(probability: 1), .outage(fromMicroseconds: 0, untilMicroseconds: 1),
                .burstLoss(BurstLoss(loss: 0.5, meanLength: 1)),
            ]
        ).validate()
    }

    @Test(
        arguments: [
            .loss(probability: 1.1), .loss(probability: .nan), .duplication(probability: -0.1),
            .corruption(probability: 2), .lateness(probability: 7, delayMicroseconds: 1),
            .lateness(probability: 0, delayMicroseconds: -1),
            .burstLoss(BurstLoss(entering: 0, leaving: 0, lossWhenGood: 0, lossWhenBad: 1.5)),
        ] as [LinkFault])
    func `an impossible fault is refused`(fault: LinkFault) {
        #expect(throws: LinkConditionsError.self) { try LinkConditions(faults: [fault]).validate() }
    }

    @Test(
        arguments: [
            (LinkConditions(delayMilliseconds: -1), "delay -1000"),
            (LinkConditions(jitter: .inOrder(maximumMicroseconds: -1)), "jitter -1"),
            (LinkConditions(jitter: .reordering(maximumMicroseconds: -2)), "jitter -2"),
            (LinkConditions(rate: LinkConditions.Rate(bitsPerSecond: 0)), "rate 0"),
            (LinkConditions(rate: LinkConditions.Rate(bitsPerSecond: 1, queueLimit: .bytes(-1))), "queue limit -1"),
            (LinkConditions(maximumDatagramByteCount: 0), "datagram size 0"),
            (LinkConditions(overheadByteCount: -1), "overhead -1"),
            (LinkConditions(policer: Policer(bitsPerSecond: 0, burstByteCount: 1)), "policer's rate 0"),
            (LinkConditions(policer: Policer(bitsPerSecond: 1, burstByteCount: 0)), "policer's burst 0"),
            (
                LinkConditions(
                    rate: LinkConditions.Rate(
                        bitsPerSecond: 1, steps: [RateStep(fromMicroseconds: 0, bitsPerSecond: 0)])), "rate 0"
            ),
        ])
    func `an impossible quantity is named`(conditions: LinkConditions, text: String) {
        let error = #expect(throws: LinkConditionsError.self) { try conditions.validate() }
        #expect(error?.description.hasPrefix(text) == true)
    }

    @Test(arguments: [(1.0, 2.0), (0.1, 0.5), (-0.1, 3)]) func `bursts that cannot be trap`(
        loss: Double, length: Double
    ) async {
        await #expect(processExitsWith: .failure) { [loss, length] in _ = BurstLoss(loss: loss, meanLength: length) }
    }
}
