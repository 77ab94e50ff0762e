/// What the two applications do with one stream. Both know it, so that each can judge what it gets.
package struct StreamScript: Equatable, Sendable {
    /// What one end sends, and how the other takes it.
    package struct Direction: Equatable, Sendable {
        package var byteCount: Int
        /// So much is given to the session at a time, with a pause between.
        package var chunkByteCount: Int
        package var pauseMilliseconds: Int
        /// The reader takes so much at a time, with a pause between; `nil`: all that there is, at once.
        package var readByteCount: Int?
        package var readPauseMilliseconds: Int
        /// The reader stops once after so many bytes, for so long.
        package var stall: Stall?
    }

    package struct Stall: Equatable, Sendable {
        package var byteCount: Int
        package var milliseconds: Int
    }

    /// When the answer begins.
    package enum Beginning: CaseIterable, Sendable { case atOnce, withFirstByte, behindRequest }

    /// An application gives up.
    package struct Reset: Equatable, Sendable {
        /// Since the stream was opened at its end.
        package var milliseconds: Int
        /// It takes nothing more, but goes on sending.
        package var onlyReading: Bool
    }

    /// Milliseconds since the beginning of the run.
    package var opening: Int
    package var request: Direction
    package var answer: Direction
    package var answerBeginning = Beginning.withFirstByte
    package var clientReset: Reset?
    package var serverReset: Reset?
    /// Whether the bytes can be compressed.
    package var isCompressible = false

    /// A stream whose applications do all they can at once.
    package init(opening: Int, requestByteCount: Int, answerByteCount: Int) {
        self.opening = opening
        self.request = Direction(byteCount: requestByteCount)
        self.answer = Direction(byteCount: answerByteCount)
    }
}

extension StreamScript.Direction {
    init(byteCount: Int) {
        self.init(
            byteCount: byteCount, chunkByteCount: max(byteCount, 1), pauseMilliseconds: 0, readByteCount: nil,
            readPauseMilliseconds: 0, stall: nil)
    }

    init(_ draw: SeedDraw, byteCount: Int) {
        self.init(byteCount: byteCount)
        if draw.happens(0.3) {
            self.chunkByteCount = draw.pick([100, 1400, 10_000])
            self.pauseMilliseconds = draw.pick([1, 10, 100])
        }
        if draw.happens(0.2) {
            self.readByteCount = draw.pick([1000, 5000])
            self.readPauseMilliseconds = draw.pick([2, 20])
        }
        if draw.happens(0.15) {
            self.stall = .init(
                byteCount: draw.number(0...byteCount), milliseconds: draw.pick([50, 1000, 6000, 40_000]))
        }
    }
}

extension StreamScript {
    init(_ draw: SeedDraw, opening: Int, byteLimit: Int) {
        let sizes = [0, 1, 200, 5000, 40_000, 120_000]
        self.init(opening: opening, requestByteCount: 0, answerByteCount: 0)
        self.request = Direction(draw, byteCount: min(draw.pick(sizes), byteLimit / 2))
        self.answer = Direction(draw, byteCount: min(draw.pick(sizes), byteLimit / 2))
        self.answerBeginning = draw.pick(Beginning.allCases)
        self.isCompressible = draw.happens(0.5)
        if draw.happens(0.12) { self.clientReset = Reset(draw) }
        if draw.happens(0.12) { self.serverReset = Reset(draw) }
    }

    /// The streams of one run: a few large ones or many short ones.
    static func drawn(_ draw: SeedDraw, within milliseconds: Int) -> [StreamScript] {
        var left = 240_000
        let count = draw.pick([1, 3, 8, 25])
        return (0..<count).map { _ in
            let script = StreamScript(
                draw, opening: draw.number(0...milliseconds), byteLimit: min(left, 480_000 / count))
            left -= script.request.byteCount + script.answer.byteCount
            return script
        }.sorted { $0.opening < $1.opening }
    }
}

extension StreamScript.Reset {
    fileprivate init(_ draw: SeedDraw) {
        self.init(milliseconds: draw.pick([0, 1, 30, 300, 3000]), onlyReading: draw.happens(0.3))
    }
}
