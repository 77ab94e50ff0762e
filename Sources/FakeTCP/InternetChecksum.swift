package import PacketPrimitives

/// The checksum of TCP and IP: the complement of the ones' complement sum of all 16-bit words (RFC 1071).
///
/// The words are added little-endian and two at a time. That changes nothing: the sum of swapped words is the swapped
/// sum, and what is carried out of a word comes back to it when the sum is folded.
struct InternetChecksum {
    /// Not folded yet; 64 bits do not overflow before 16 GiB.
    private var sum: UInt64

    init(startingAt sum: UInt64 = 0) { self.sum = sum }

    /// Adds bytes. Only the last addition may be of an odd number.
    mutating func add(_ bytes: RawSpan) {
        let wordCount = bytes.byteCount / 4
        var sum = self.sum
        for index in 0..<wordCount {
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index &* 4, as: UInt32.self)
            sum &+= UInt64(UInt32(littleEndian: word))
        }
        for offset in wordCount * 4..<bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
            sum &+= UInt64(byte) << UInt64(offset % 4 * 8)
        }
        self.sum = sum
    }

    /// The sum in 16 bits, of little-endian words.
    var folded: UInt16 {
        var sum = self.sum
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return UInt16(truncatingIfNeeded: sum)
    }
}

/// What the checksum of a TCP segment covers besides the segment: both addresses, the protocol and the length
/// (RFC 9293 §3.1, RFC 8200 §8.1). One serves all segments between two addresses, in both directions.
package struct PseudoHeader: Sendable {
    private let sum: UInt64

    private static let protocolNumber: UInt16 = 6

    /// The ports play no part.
    package init(_ one: PeerAddress, _ other: PeerAddress) {
        self.sum = Self.sum(one) + Self.sum(other) + UInt64(Self.protocolNumber.byteSwapped)
    }

    private static func sum(_ address: PeerAddress) -> UInt64 {
        switch address.family {
        case .ipv4: UInt64(UInt32(truncatingIfNeeded: address.high).byteSwapped)
        case .ipv6: Self.sum(address.high) + Self.sum(address.low)
        }
    }

    private static func sum(_ half: UInt64) -> UInt64 {
        let swapped = half.byteSwapped
        return (swapped & 0xFFFF_FFFF) + (swapped >> 32)
    }

    /// What belongs into the checksum field of a segment whose header has a zero there.
    func checksum(_ header: RawSpan, _ payload: RawSpan) -> UInt16 {
        var checksum = self.begin(byteCount: header.byteCount + payload.byteCount)
        checksum.add(header)
        checksum.add(payload)
        return (~checksum.folded).byteSwapped
    }

    /// Whether a segment has arrived as it was sent.
    package func isValid(_ segment: RawSpan) -> Bool {
        var checksum = self.begin(byteCount: segment.byteCount)
        checksum.add(segment)
        return checksum.folded == 0xFFFF
    }

    private func begin(byteCount: Int) -> InternetChecksum {
        InternetChecksum(startingAt: self.sum + UInt64(UInt16(truncatingIfNeeded: byteCount).byteSwapped))
    }
}
