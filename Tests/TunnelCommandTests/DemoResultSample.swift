@testable import TunnelCommand

extension DemoResult {
    /// Round figures, so that what is made of them can be written down.
    static let sample = DemoResult(
        scenario: DemoScenario(), idlePing: .init(microseconds: [51_000, 52_000, 60_000]), up: .sample, down: .sample,
        seconds: 14.25)
}

extension DemoTransfer {
    static let sample = DemoTransfer(
        byteCount: 48_000_000, seconds: 6, traffic: .sample, returnTraffic: .returnSample,
        ping: .init(microseconds: [80_000, 90_000, 120_400]), digests: .sample)
}

extension DemoTraffic {
    static let sample = {
        var traffic = DemoTraffic()
        traffic.datagrams = 50_000
        traffic.wireBytes = 66_000_000
        traffic.lostDatagrams = 2500
        traffic.overflowedDatagrams = 100
        traffic.recoveredPackets = 1800
        traffic.retransmittedSegments = 321
        traffic.timedOutSegments = 4
        traffic.repeatedSegments = 7
        return traffic
    }()

    static let returnSample = {
        var traffic = DemoTraffic()
        traffic.wireBytes = 1_200_000
        return traffic
    }()
}

extension DemoDigests {
    static let sample = DemoDigests(
        sent: [UInt8](repeating: 0xAB, count: 32), received: [UInt8](repeating: 0xAB, count: 32))
}
