import Ciphers
import DatagramIO
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCore

@testable import TunnelRuntime

@Suite struct UnreadableReportTests {
    private static let peer = PeerAddress.ipv4(0x0A00_0001, port: 1000)
    private static let ownKey = KeyDerivation.derive(from: "our own key")

    private static func configuration(_ cipher: CipherSuite) throws -> HostConfiguration {
        HostConfiguration(
            session: SessionConfiguration(
                role: .server, cipher: cipher, derivedKey: Self.ownKey, dataShards: 0, parityShards: 0, mtu: 1350,
                conversation: KCP.Configuration(
                    mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                    sendWindow: 8, receiveWindow: 8), multiplexer: try Smux.Configuration(), usesCompression: true),
            socket: DatagramSocketOptions(sendBufferByteCount: 4096, receiveBufferByteCount: 4096), loopCount: 1,
            closeWait: 30, publicKey: "the default key")
    }

    /// A first packet of a client.
    private static func datagram(_ suite: CipherSuite, key: String) -> [UInt8] {
        let envelope = suite.makeEnvelope(
            key: KeyDerivation.derive(from: key), nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 3)))
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: SegmentHeader.byteCount)
        var bytes = slab.mutableBytes(at: 0)
        SegmentHeader(conversation: 77, command: .push, window: 128, time: 5, number: 0, expected: 0)
            .write(to: &bytes, at: 0)
        envelope.seal(&slab, from: 0)
        return [UInt8](copying: slab.bytes(at: 0))
    }

    /// What a server says of three datagrams that cannot be read.
    private static func lines(_ datagram: [UInt8], at own: CipherSuite, hasSession: Bool = false) throws -> [String] {
        let recording = RecordingLog()
        var report = UnreadableReport(try Self.configuration(own), log: recording.hostLog)
        let now = Instant(milliseconds: 1000)
        for _ in 0..<3 { report.note(datagram.span.bytes, from: Self.peer, now: now) }
        report.report(now: now) { $0 == Self.peer && hasSession }
        return recording.lines
    }

    @Test(
        arguments: [
            (.sm4, "our own key", .aes, "it uses -crypt sm4, this end aes; give both ends the same"),
            (.null, "any", .aes, "it uses -crypt null, this end aes"), (.aes, "our own key", .null, "take aes"),
            (.aes, "our own key", .aes128GCM, "older releases of the Go program do not know aes-128-gcm"),
            (.aes, "the default key", .aes, "it uses the default key; give both ends"),
            (.xtea, "the default key", .aes, "it uses the default key and -crypt xtea"),
            (.aes, "a third key", .aes, "its -key is another (this end: -crypt aes)"),
        ] as [(CipherSuite, String, CipherSuite, String)])
    func `the cause is named`(theirs: CipherSuite, key: String, own: CipherSuite, words: String) throws {
        let lines = try Self.lines(Self.datagram(theirs, key: key), at: own)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("10.0.0.1:1000 has sent 3 datagrams that cannot be read: ") == true)
        #expect(lines.first?.contains(words) == true, "\(lines)")
    }

    @Test func `a working session's datagrams are damaged, not wrong`() throws {
        let lines = try Self.lines(Self.datagram(.aes, key: "a third key"), at: .aes, hasSession: true)
        #expect(lines.first?.contains("damaged") == true)
    }

    @Test func `two datagrams are not worth a line`() throws {
        let recording = RecordingLog()
        var report = UnreadableReport(try Self.configuration(.aes), log: recording.hostLog)
        let now = Instant(milliseconds: 1000)
        for _ in 0..<2 { report.note([1, 2, 3].span.bytes, from: Self.peer, now: now) }
        report.report(now: now) { _ in false }
        #expect(recording.lines.isEmpty)
    }
}
