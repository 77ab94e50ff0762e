import FuzzSupport
import NIOCore
import NIOEmbedded
import NIOHTTP1
import TunnelReporting

/// Requests for the status, cut anywhere, through the connection's first handlers to the choice of an answer. Of a request
/// without an end no more passes than the limit.
final class StatusRequestTarget: FuzzTarget {
    static let name = "status-request"
    static let maximumByteCount = 1024

    static var dictionary: [String] {
        [
            "GET ", "HEAD ", "/metrics", "/status.json", "/healthz", " HTTP/1.1\r\n", "Host: a\r\n", "Content-Length: ",
            "Transfer-Encoding: chunked\r\n", "\r\n\r\n", "Connection: close\r\n",
        ]
    }

    static func seeds() throws -> [[UInt8]] {
        [
            "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD http://a/status.json?x HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ].map { [16] + Array($0.utf8) }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let pieceByteCount = 1 + Int(input.byte())
        let repetitionCount = pieceByteCount > 250 ? 64 : 1
        let bytes = input.rest()
        let request = (0..<repetitionCount).flatMap { _ in bytes }
        let channel = EmbeddedChannel()
        let requestGuard = RequestGuard()
        let answerer = RequestAnswerer(requestGuard)
        do {
            try channel.pipeline.syncOperations.addHandler(requestGuard)
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(answerer)
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/status")).wait()
        } catch { throw BrokenPromise("the connection cannot be set up: \(error)") }
        for start in stride(from: 0, to: request.count, by: pieceByteCount) where channel.isActive {
            let piece = request[start..<min(request.count, start + pieceByteCount)]
            _ = try? channel.writeInbound(ByteBuffer(bytes: piece))
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        try promise(
            answerer.largestByteCount <= RequestGuard.byteLimit,
            "a request of \(answerer.largestByteCount) bytes has passed")
    }
}

/// Answers at once, and keeps in mind how long requests are.
private final class RequestAnswerer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let requestGuard: RequestGuard
    private(set) var largestByteCount = 0
    private var byteCount = 0

    init(_ requestGuard: RequestGuard) { self.requestGuard = requestGuard }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            _ = StatusRoute(head)
            self.byteCount = head.uri.utf8.count
            for header in head.headers { self.byteCount += header.name.utf8.count + header.value.utf8.count }
        case .body(let body): self.byteCount += body.readableBytes
        case .end:
            self.requestGuard.requestEnded()
            context.write(self.wrapOutboundOut(.head(.init(version: .http1_1, status: .noContent))), promise: nil)
            context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        }
        self.largestByteCount = max(self.largestByteCount, self.byteCount)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
