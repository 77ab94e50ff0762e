import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct HostLogTests {
    private static func peer(port: UInt16) -> PeerAddress { .ipv4(0x0A00_0001, port: port) }

    private func second(_ number: Int) -> Instant { Instant(milliseconds: UInt64(number) * 1000) }

    @Test func `an explanation is given once, and with its count a minute later`() {
        let recording = RecordingLog()
        let log = recording.hostLog
        for time in [0, 1, 2, 3, 61] {
            log.explain("trouble", about: Self.peer(port: UInt16(1000 + time)), now: self.second(time), "text \(time)")
        }
        #expect(recording.lines == ["text 0", "text 61 (and 3 times since this was said last)"])
    }

    @Test func `every host and every subject has its own`() {
        let recording = RecordingLog()
        let log = recording.hostLog
        log.explain("a", about: Self.peer(port: 1), now: self.second(0), "1")
        log.explain("b", about: Self.peer(port: 1), now: self.second(0), "2")
        log.explain("a", about: .ipv4(0x0A00_0002, port: 1), now: self.second(0), "3")
        #expect(recording.lines == ["1", "2", "3"])
    }
}
