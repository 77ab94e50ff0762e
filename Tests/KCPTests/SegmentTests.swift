import PacketPrimitives
import TestSupport
import Testing

@testable import KCP

@Suite struct SegmentTests {
    static let header = SegmentHeader(
        conversation: 0x1122_3344, command: .push, window: 0x0201, time: 0x0807_0605, number: 0x0C0B_0A09,
        expected: 0x100F_0E0D, payloadByteCount: 0x11)
    static let hex = "44332211" + "51" + "00" + "0102" + "05060708" + "090a0b0c" + "0d0e0f10" + "11000000"

    @Test func `a header is 24 little-endian bytes`() {
        var bytes = [UInt8](repeating: 0xEE, count: 26)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        Self.header.write(to: &raw, at: 1)
        #expect(bytes.hex == "ee" + Self.hex + "ee")
    }

    @Test func `a header is read as it was written`() throws {
        let bytes = try #require([UInt8](hex: Self.hex + "ff"))
        #expect(SegmentHeader(bytes.span.bytes) == Self.header)
    }

    @Test func `a short packet has no header`() {
        let bytes = [UInt8](repeating: 0, count: 23)
        #expect(SegmentHeader(bytes.span.bytes) == nil)
    }

    @Test(arguments: [UInt8(80), 85, 0, 255])
    func `only four commands exist`(byte: UInt8) { #expect(Command(rawValue: byte) == nil) }

    @Test func `numbers are compared by their signed difference`() {
        #expect(UInt32.max.isBefore(0))
        #expect(!UInt32(0).isBefore(.max))
        #expect(!UInt32(5).isBefore(5))
        #expect(UInt32(2).distance(after: .max) == 3)
        #expect(UInt32.max.distance(after: 2) == -3)
    }
}
