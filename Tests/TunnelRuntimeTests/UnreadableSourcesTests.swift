import Ciphers
import PacketPrimitives
import Testing
import TunnelCore

@testable import TunnelRuntime

@Suite struct UnreadableSourcesTests {
    private static let client = PeerAddress.ipv4(0x0A00_0001, port: 1000)
    private static let diagnosis = DatagramDiagnosis(cipher: .sm4, keyIndex: 0)

    private func second(_ number: Int) -> Instant { Instant(milliseconds: UInt64(number) * 1000) }

    private func host(_ number: Int) -> PeerAddress { .ipv4(0x0A00_0100 + UInt32(number), port: 5) }

    @Test func `a source is reported with its count as soon as it is known`() {
        var sources = UnreadableSources()
        sources.note(2, from: Self.client)
        #expect(sources.wantedSample(now: self.second(1)) == Self.client)
        let early = sources.takeReport(now: self.second(1))
        #expect(early == nil)
        sources.noteSample(Self.diagnosis, from: Self.client, now: self.second(1))
        let stray = sources.takeReport(now: self.second(1))
        #expect(stray == nil, "two datagrams are not worth a line")
        sources.note(3, from: Self.client)
        let report = sources.takeReport(now: self.second(1))
        #expect(report == .init(address: Self.client, datagramCount: 5, diagnosis: Self.diagnosis))
        let again = sources.takeReport(now: self.second(20))
        #expect(again == nil)
    }

    @Test func `the next report comes a minute later, with what came meanwhile`() {
        var sources = UnreadableSources()
        for time in [1, 30, 62] {
            sources.note(10, from: Self.client)
            sources.noteSample(nil, from: Self.client, now: self.second(time))
            let report = sources.takeReport(now: self.second(time))
            #expect(report?.datagramCount == [1: 10, 62: 20][time])
        }
    }

    @Test func `a client that tries again from another port is the same`() {
        var sources = UnreadableSources()
        var next = Self.client
        next.port += 1
        sources.note(2, from: Self.client)
        sources.note(2, from: next)
        sources.noteSample(nil, from: next, now: self.second(1))
        let report = sources.takeReport(now: self.second(1))
        #expect(report == .init(address: next, datagramCount: 4, diagnosis: nil))
    }

    @Test func `the busiest stay, whatever comes from forged addresses`() {
        var sources = UnreadableSources()
        sources.note(50, from: Self.client)
        for number in 0..<1000 { sources.note(1, from: self.host(number)) }
        sources.note(1, from: Self.client)
        sources.noteSample(nil, from: Self.client, now: self.second(1))
        let report = sources.takeReport(now: self.second(1))
        #expect(report?.datagramCount == 51)
    }

    @Test func `many sources get one line each, with pauses`() {
        var sources = UnreadableSources()
        for number in 0..<3 {
            sources.note(5, from: self.host(number))
            sources.noteSample(nil, from: self.host(number), now: self.second(1))
        }
        let times = (1...10).filter { sources.takeReport(now: self.second($0)) != nil }
        #expect(times == [1, 3, 5])
    }

    @Test func `examining is paced, and the latest sender is examined`() {
        var sources = UnreadableSources()
        sources.note(1, from: self.host(1))
        sources.noteSample(nil, from: self.host(1), now: self.second(10))
        sources.note(1, from: self.host(2))
        #expect(sources.wantedSample(now: self.second(11)) == nil)
        #expect(sources.wantedSample(now: self.second(12)) == self.host(2))
        sources.note(1, from: self.host(1))
        #expect(sources.wantedSample(now: self.second(12)) == nil, "its sample is there already")
    }
}
