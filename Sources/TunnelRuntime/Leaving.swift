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

    /// Adds a session; `drain` has been asked of it.
    mutating func add(_ session: HostedSession, isDone: Bool) {
        if !isDone { self.busySessions += 1 }
        self.streams += session.streams.count
    }

    /// Whether everything that was accepted has been delivered.
    package var isDone: Bool { self.busySessions == 0 }
}

/// A part of a host, on one event loop, that can be brought to an end without losing anything.
protocol Leaving: AnyObject, SendableMetatype {
    /// Takes no new sessions, connections and streams from now on.
    func refuseNew()
    /// Ends the streams that are idle, or all of them, and says what is left.
    func drain(endingAllStreams: Bool) -> LeavingProgress
}

/// How a host leaves: streams that are at work may finish for a while, idle ones end at once. Then all end: nothing
/// more is read from them, and what has been read is delivered.
struct Departure<Part: Leaving>: Sendable {
    let parts: [NIOLoopBound<Part>]

    /// How often the parts are asked whether they are done.
    private static var lookInterval: TimeAmount { .milliseconds(20) }
    /// How much of the time is kept for delivering what has been read.
    private static func flushTime(within limit: TimeAmount) -> TimeAmount {
        min(.seconds(2), .nanoseconds(limit.nanoseconds / 2))
    }

    /// Returns when everything is delivered, the time is up, or the task is cancelled.
    func run(within limit: TimeAmount) async -> LeavingProgress {
        let deadline = NIODeadline.now() + limit
        let lastCall = deadline - Self.flushTime(within: limit)
        for part in self.parts { try? await part.eventLoop.submit { part.value.refuseNew() }.get() }
        while true {
            let now = NIODeadline.now()
            let progress = await self.look(endingAllStreams: now >= lastCall)
            if progress.isDone || now >= deadline || Task.isCancelled { return progress }
            try? await self.parts[0].eventLoop.scheduleTask(in: Self.lookInterval) {}.futureResult.get()
        }
    }

    private func look(endingAllStreams: Bool) async -> LeavingProgress {
        var total = LeavingProgress()
        for part in self.parts {
            let progress = try? await part.eventLoop.submit { part.value.drain(endingAllStreams: endingAllStreams) }
                .get()
            if let progress { total += progress }
        }
        return total
    }
}
