import NIOCore
import Testing

@testable import TunnelCommand

@Suite struct DemoRequestTests {
    @Test(arguments: [.take, .echo, .give(seed: .max, byteCount: 48_000_000)] as [DemoRequest])
    func `a request is read as it was written`(request: DemoRequest) {
        #expect(request.bytes.readableBytes == DemoRequest.byteCount)
        #expect(DemoRequest(request.bytes) == request)
    }

    @Test(arguments: [[], [1], [9] + [UInt8](repeating: 0, count: 16), [2] + [UInt8](repeating: 0xFF, count: 16)])
    func `anything else is no request`(bytes: [UInt8]) {
        #expect(DemoRequest(ByteBuffer(bytes: bytes)) == nil)
    }
}
