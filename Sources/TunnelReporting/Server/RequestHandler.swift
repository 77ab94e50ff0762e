import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other, and ends it when nothing moves.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let source: StatusSource
    private let requestGuard: RequestGuard
    private var head: HTTPRequestHead?
    /// Counts requests, so that an answer that comes too late is not taken for that of the next one.
    private var requestNumber = 0
    private var isAnswered = true
    /// The other side has nothing more to ask.
    private var isLast = false
    private var timer: Scheduled<Void>?

    private let patience: StatusPatience

    init(source: StatusSource, requestGuard: RequestGuard, patience: StatusPatience) {
        self.source = source
        self.patience = patience
        self.requestGuard = requestGuard
    }

    func channelActive(context: ChannelHandlerContext) { self.closeLater(context, self.patience.firstRequest) }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.requestNumber += 1
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
        self.isLast = true
        if self.isAnswered { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            self.requestGuard.requestEnded()
            if let head = self.head.take() { self.answer(head, context) }
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.requestNumber += 1
        self.isAnswered = false
        let number = self.requestNumber
        let promise = context.eventLoop.makePromise(of: StatusAnswer.self)
        promise.completeWithTask { [source] in await StatusRoute(head).answer(from: source) }
        self.setTimer(context, self.patience.answer) {
            self.respond(
                StatusAnswer(.serviceUnavailable, text: "The event loops do not answer."), to: head, number, context)
        }
        promise.futureResult.assumeIsolated().whenSuccess { self.respond($0, to: head, number, context) }
    }

    private func respond(
        _ answer: StatusAnswer, to head: HTTPRequestHead, _ number: Int, _ context: ChannelHandlerContext
    ) {
        guard number == self.requestNumber, !self.isAnswered else { return }
        self.isAnswered = true
        let keepsAlive = head.isKeepAlive
        context.write(
            self.wrapOutboundOut(.head(answer.head(version: head.version, keepsAlive: keepsAlive))), promise: nil)
        if head.method != .HEAD {
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        self.closeLater(context, self.patience.write)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            if keepsAlive, !self.isLast {
                self.closeLater(context, self.patience.idle)
            } else {
                context.close(promise: nil)
            }
        }
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: written)
    }

    // MARK: Time

    private func closeLater(_ context: ChannelHandlerContext, _ time: TimeAmount) {
        self.setTimer(context, time) { context.close(promise: nil) }
    }

    private func setTimer(_ context: ChannelHandlerContext, _ time: TimeAmount, _ body: @escaping () -> Void) {
        self.timer?.cancel()
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: time, body)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
