import Testing

@testable import TunnelCommand

@Suite struct ByteSizeTests {
    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("1048576", 1_048_576), ("64K", 65_536), ("64k", 65_536), ("64M", 64 << 20),
            ("2G", 2 << 30),
            ("3g", 3 << 30),
        ])
    func `a number of bytes, or with a suffix`(text: String, byteCount: Int) {
        #expect(ByteSize(text)?.byteCount == byteCount)
    }

    @Test(arguments: ["", "M", "-1", "1.5G", "64MB", "64 M", " 64", "x", "9999999999G", "99999999999999999999", "٣"])
    func `anything else is no size`(text: String) { #expect(ByteSize(text) == nil) }
}
