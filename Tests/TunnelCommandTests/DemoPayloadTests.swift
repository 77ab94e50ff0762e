import Ciphers
import NIOCore
import Testing

@testable import TunnelCommand

@Suite struct DemoPayloadTests {
    private func contents(seed: UInt64, byteCount: Int) -> (bytes: [UInt8], digest: [UInt8]) {
        var payload = DemoPayload(seed: seed, byteCount: byteCount)
        var bytes: [UInt8] = []
        while let piece = payload.next() { bytes += Array(buffer: piece) }
        return (bytes, payload.finish())
    }

    @Test(arguments: [0, 1, 65535, 65536, 65537, 200_000])
    func `a payload has its length and its digest`(byteCount: Int) {
        let contents = self.contents(seed: 3, byteCount: byteCount)
        #expect(contents.bytes.count == byteCount)
        var digest = SHA256()
        digest.update(contents.bytes.span.bytes)
        let expected = digest.finish()
        #expect(contents.digest == expected)
    }

    @Test func `the seed alone decides the content`() {
        #expect(self.contents(seed: 1, byteCount: 100).bytes == self.contents(seed: 1, byteCount: 100).bytes)
        #expect(self.contents(seed: 1, byteCount: 100).bytes != self.contents(seed: 2, byteCount: 100).bytes)
    }
}
