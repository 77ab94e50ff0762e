package import NIOCore

/// Has a listener rest for a second when a connection cannot be accepted, as there are no file descriptors left.
///
/// By itself it tries again at once, which takes a whole processor. NIO's `AcceptBackoffHandler` (2.101) does not help when
/// not even the first connection of a wake-up could be accepted: the listener stays registered for reading.
private final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let note: (any Error) -> Void

    init(_ note: @escaping (any Error) -> Void) { self.note = note }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.note(error)
        guard let options = context.channel.syncOptions else { return }
        do {
            try options.setOption(.autoRead, value: false)
            context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
                try? options.setOption(.autoRead, value: true)
            }
        } catch {}  // The listener is closed.
    }
}

extension Channel {
    /// Has a listener rest after a connection that could not be accepted.
    package func pauseAfterFailedAccepts(_ note: @escaping (any Error) -> Void = { _ in }) throws {
        try self.pipeline.syncOperations.addHandler(AcceptPause(note))
    }
}
