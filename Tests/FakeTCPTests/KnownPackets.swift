import FakeTCP
import PacketPrimitives

/// What others have put on a wire.
enum KnownPackets {
    /// A kernel's answer to an attempt to connect, from 10.7.0.2:29900 to 10.7.0.1:39222, without the IP header.
    /// Its options are MSS, SACK permitted, timestamps, no operation and window scale; the checksum is not filled in.
    static let handshakeAnswer = bytes(
        """
        74cc 9936 cfa5 54c0 bd3b b78b a012 fe88 143f 0000 0204 05b4 0402 080a 6767 472e d552 b291 0103 030a
        """)

    /// The first datagram of kcptun 2021 on that connection: an IPv4 packet.
    static let firstDatagram = bytes(
        """
        4500 006e cac8 4000 4006 5bb1 0a07 0001 0a07 0002 9936 74cc bd3b b78b cfa5 54c1 5018 f02e 4889 0000
        80d0 82bc ccec 7306 8623 fb16 28a2 2321 5771 2bb7 f4b0 d8bf 460a 0aeb f3c9 6e9e 42dc 7194 2d63 55b5
        0532 1ada 7356 e329 3b08 3828 4842 273b d0d5 d408 6203 049f 43dd 4cf7 79fe
        """)

    static let client = PeerAddress.ipv4(0x0A07_0001, port: 39222)
    static let server = PeerAddress.ipv4(0x0A07_0002, port: 29900)

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}

// The test library's macros do not take spans.

extension SegmentHeader {
    init?(bytes: [UInt8]) { self.init(bytes.span.bytes) }
}

extension IPv4Header {
    init?(bytes: [UInt8]) { self.init(bytes.span.bytes) }
}

extension PseudoHeader {
    func isValid(bytes: [UInt8]) -> Bool { self.isValid(bytes.span.bytes) }
}
