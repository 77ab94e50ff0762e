package import NIOCore
import NIOHTTP1
import NIOPosix
package import TunnelReporting
import TunnelRuntime

/// Why a running program cannot be watched, and what to do about it.
package enum StatusClientError: Error, Hashable, CustomStringConvertible {
    case notReached(address: String, reason: String)
    case badAnswer(address: String, reason: String)

    package var description: String {
        switch self {
        case .notReached(let address, let reason):
            "cannot reach \(address): \(reason); was the program started with --metrics \(address)?"
        case .badAnswer(let address, let reason):
            "\(address) does not answer as a kcptun program does: \(reason)"
        }
    }
}

/// Reads `status.json` of a running program.
package struct StatusClient: Sendable {
    private let address: StreamAddress
    /// A program that does not answer for so long is not there.
    package var timeLimit = TimeAmount.seconds(5)

    private static let largestByteCount = 64 * 1024 * 1024

    /// `host:port`, `:port`, or such an address as a browser takes it; `nil` for anything else.
    package init?(_ text: String) {
        var text = text[...]
        if text.hasPrefix("http://") { text = text.dropFirst("http://".count).prefix { $0 != "/" } }
        guard let address = try? StreamAddress(String(text)), case .tcp(let host, let port) = address, port > 0 else {
            return nil
        }
        self.address = .tcp(host: host.isEmpty ? "127.0.0.1" : host, port: port)
    }

    /// The figures of now.
    package func document() async throws(StatusClientError) -> StatusDocument {
        let response: NIOHTTPClientResponseFull
        do {
            response = try await self.response()
        } catch {
            throw .notReached(address: "\(self.address)", reason: ErrorText.reason(of: error))
        }
        guard response.head.status == .ok, let body = response.body else {
            throw .badAnswer(address: "\(self.address)", reason: "HTTP status \(response.head.status.code)")
        }
        do {
            return try StatusDocument(bytes: Array(body.readableBytesView))
        } catch {
            throw .badAnswer(address: "\(self.address)", reason: "its status document cannot be read")
        }
    }

    private func response() async throws -> NIOHTTPClientResponseFull {
        guard case .tcp(let host, let port) = self.address else { preconditionFailure("the address was checked") }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: NIOHTTPClientResponseFull.self)
        let authority = "\(self.address)"
        let connected = ClientBootstrap(group: loop)
            .connectTimeout(self.timeLimit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(
                        NIOHTTPClientResponseAggregator(maxContentLength: Self.largestByteCount))
                    try pipeline.addHandler(
                        QuestionHandler(authority: authority, timeLimit: self.timeLimit, promise: promise))
                }
            }
            .connect(host: host, port: port)
        connected.whenFailure { promise.fail($0) }
        return try await promise.futureResult.get()
    }
}

/// Asks once, and hands on what comes back.
private final class QuestionHandler: ChannelInboundHandler {
    typealias InboundIn = NIOHTTPClientResponseFull
    typealias OutboundOut = HTTPClientRequestPart

    private let authority: String
    private let timeLimit: TimeAmount
    private let promise: EventLoopPromise<NIOHTTPClientResponseFull>
    private var timer: Scheduled<Void>?

    init(authority: String, timeLimit: TimeAmount, promise: EventLoopPromise<NIOHTTPClientResponseFull>) {
        self.authority = authority
        self.timeLimit = timeLimit
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers = HTTPHeaders([("Host", self.authority), ("Connection", "close")])
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/status.json", headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: self.timeLimit) {
            self.promise.fail(ChannelError.connectTimeout(self.timeLimit))
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.promise.succeed(self.unwrapInboundIn(data))
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.promise.fail(ChannelError.eof)
    }
}
