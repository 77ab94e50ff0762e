import NIOCore

/// What is left of a host that is to end.
package struct LeavingProgress: Equatable, Sendable {
    /// Sessions that have something left to deliver.
    package var busySessions = 0
    package var streams = 0

    package init() {}

    static func += (left: inout LeavingProgress, right: LeavingProgress) {
        left.busySessions += right.busySessions
        left.streams += right.streams
    }

    /// Looks after a session, and adds what is left of it.
    mutating func drain(_ session: HostedSession, _ patience: LeavingPatience) {
        if !session.drain(patience) { self.busySessions += 1 }
        self.streams += session.streamCount
    }

    /// Whether everything that was accepted has been delivered.
    package var isDone: Bool { self.busySessions == 0 }
}

/// Which streams a host that leaves ends now.
enum LeavingPatience: Sendable {
    /// Those in which nothing has moved for so long. The others may still come to their end.
    case endingIdle(milliseconds: Int)
    case endingAll
}

/// A part of a host, on one event loop, that can be brought to an end without losing anything.
protocol Leaving: AnyObject, SendableMetatype {
    /// Takes no new sessions, connections and streams from now on.
    func refuseNew()
    /// Ends streams and says what is left.
    func drain(_ patience: LeavingPatience) -> LeavingProgress
}

/// How a host leaves: streams that are at work may come to their end for a while, idle ones are ended. Then all are
/// ended: nothing more is read from them, and what has been read is delivered.
struct Departure<Part: Leaving>: Sendable {
    let parts: [NIOLoopBound<Part>]
    /// The time for all of it.
    let limit: TimeAmount

    /// How often the parts are asked whether they are done.
    private static var lookInterval: TimeAmount { .milliseconds(20) }

    /// How much of the time is kept for delivering what has been read.
    private var flushTime: TimeAmount { min(.seconds(2), .nanoseconds(self.limit.nanoseconds / 2)) }

    /// How long a stream must rest to be taken for idle: an answer may need some time.
    private var idleMilliseconds: Int { Int(min(5_000_000_000, self.limit.nanoseconds * 2 / 5) / 1_000_000) }

    /// Returns when everything is delivered, the time is up, or the task is cancelled.
    func run() async -> LeavingProgress {
        let deadline = NIODeadline.now() + self.limit
        let lastCall = deadline - self.flushTime
        for part in self.parts { try? await part.eventLoop.submit { part.value.refuseNew() }.get() }
        while true {
            let now = NIODeadline.now()
            let progress = await self.look(
                now < lastCall ? .endingIdle(milliseconds: self.idleMilliseconds) : .endingAll)
            if progress.isDone || now >= deadline || Task.isCancelled { return progress }
            try? await self.parts[0].eventLoop.scheduleTask(in: Self.lookInterval) {}.futureResult.get()
        }
    }

    private func look(_ patience: LeavingPatience) async -> LeavingProgress {
        var total = LeavingProgress()
        for part in self.parts {
            let progress = try? await part.eventLoop.submit { part.value.drain(patience) }.get()
            if let progress { total += progress }
        }
        return total
    }
}
