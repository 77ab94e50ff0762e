import PacketPrimitives
import Testing

@testable import KCP

/// The retransmission rules, against a model that walks over the whole window as the original does.
@Suite struct SendWindowRetransmissionTests {
    /// Protocol 03 §3 step 5 and §4 step 4, word for word.
    private struct Model {
        struct Segment {
            var number: UInt32
            var sendTime: UInt32 = 0
            var deadline: UInt32 = 0
            var timeout: UInt32 = 0
            var skips: UInt32 = 0
            var isAcknowledged = false
            var isSent = false
        }

        var segments: [Segment] = []
        let fastResend: UInt32

        mutating func acknowledge(before expected: UInt32) {
            self.segments.removeAll { $0.number.isBefore(expected) }
        }

        mutating func acknowledge(_ number: UInt32, echoed time: UInt32) -> Bool {
            guard let last = self.segments.last, let first = self.segments.first, !number.isBefore(first.number),
                !last.number.isBefore(number)
            else { return false }
            var isReached = false
            for index in self.segments.indices {
                if self.segments[index].number == number { self.segments[index].isAcknowledged = true }
                guard self.segments[index].number.isBefore(number), self.segments[index].skips != .max,
                    !time.isBefore(self.segments[index].sendTime)
                else { continue }
                self.segments[index].skips += 1
                if self.segments[index].skips >= self.fastResend { isReached = true }
            }
            return isReached
        }

        mutating func flush(fresh: [UInt32], timeout: UInt32, backoff: UInt32, now: UInt32) -> [UInt32] {
            self.segments += fresh.map { Segment(number: $0) }
            var sent: [UInt32] = []
            for index in self.segments.indices where !self.segments[index].isAcknowledged {
                let skips = self.segments[index].skips
                if !self.segments[index].isSent {
                    self.segments[index].isSent = true
                    self.segments[index].timeout = timeout
                } else if skips != .max,
                    self.fastResend > 0 && skips >= self.fastResend || skips > 0 && fresh.isEmpty
                {
                    self.segments[index].skips = .max
                    self.segments[index].timeout = timeout
                } else if !now.isBefore(self.segments[index].deadline) {
                    self.segments[index].timeout += backoff
                    self.segments[index].skips = 0
                } else {
                    continue
                }
                self.segments[index].sendTime = now
                self.segments[index].deadline = now &+ self.segments[index].timeout
                sent.append(self.segments[index].number)
            }
            return sent
        }
    }

    /// A send window and the model, driven alike.
    private struct Pair: ~Copyable {
        var window: SendWindow
        var model: Model
        let fastResend: UInt32

        init(initialNumber: UInt32, fastResend: Int) {
            self.window = SendWindow(initialNumber: initialNumber, segmentByteCount: 1, fastResend: fastResend)
            self.model = Model(fastResend: UInt32(fastResend))
            self.fastResend = UInt32(fastResend)
        }

        mutating func flush(freshCount: Int, timeout: UInt32, now: UInt64) -> (sent: [UInt32], expected: [UInt32]) {
            self.window.append([UInt8](repeating: 0, count: freshCount).span.bytes)
            let first = self.window.next
            _ = self.window.numberSegments(window: .max)
            self.window.release()
            _ = self.window.scheduleRetransmissions(
                .init(fastResend: self.fastResend, freshCount: freshCount, timeout: timeout, backoff: timeout / 2),
                now: now)
            var sent: [UInt32] = []
            while let number = self.window.nextRetransmission() {
                self.window.markRetransmission(number, now: now)
                sent.append(number)
            }
            while let number = self.window.nextReleased() {
                self.window.markFirstTransmission(number, timeout: timeout, now: now)
                sent.append(number)
            }
            let expected = self.model.flush(
                fresh: (0..<UInt32(freshCount)).map { first &+ $0 }, timeout: timeout, backoff: timeout / 2,
                now: UInt32(truncatingIfNeeded: now))
            return (sent, expected)
        }

        /// Acknowledges a random segment, echoing its last send time or an earlier one.
        mutating func acknowledgeOne(_ random: SeededRandomSource) -> (flag: Bool, expected: Bool) {
            let offset = UInt32(random.number(in: 0...max(self.window.inFlightCount - 1, 0)))
            let number = self.window.first &+ offset
            let age = random.chance(0.3) ? UInt32(random.number(in: 0...50)) : 0
            let time = self.window.records[number].sendTime &- age
            self.window.acknowledge(number, echoed: time)
            let flag = self.window.countSkips(before: number, echoed: time)
            return (flag, self.model.acknowledge(number, echoed: time))
        }

        mutating func acknowledgePrefix(_ random: SeededRandomSource) {
            // As a receiver does: up to the first segment that has not arrived.
            var expected = self.window.first
            while expected != self.window.next, self.window.records[expected].isAcknowledged || random.chance(0.05) {
                expected &+= 1
            }
            _ = self.window.acknowledge(before: expected)
            self.model.acknowledge(before: expected)
        }
    }

    @Test(arguments: [0, 1, 2, 5], 1...25)
    func `every flush sends what a walk over the window would`(fastResend: Int, seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        var now: UInt64 = 0xFFFF_FFFF - 2000
        var pair = Pair(initialNumber: .max - 300, fastResend: fastResend)
        for step in 0..<1200 {
            now += UInt64(random.number(in: 0...15))
            let freshCount = random.chance(0.4) && pair.window.inFlightCount < 200 ? random.number(in: 1...12) : 0
            let flush = pair.flush(freshCount: freshCount, timeout: UInt32(random.number(in: 30...300)), now: now)
            try #require(flush.sent == flush.expected, "step \(step)")
            var needsFlush = false
            var expected = false
            for _ in 0..<random.number(in: 0...6) {
                let result = pair.acknowledgeOne(random)
                needsFlush = needsFlush || result.flag
                expected = expected || result.expected
            }
            // Without a flush the original's counts are never wrong, only its extra flushes are rarer here: those for
            // segments acknowledged by number after a timeout.
            try #require(!needsFlush || expected, "step \(step)")
            if random.chance(0.5) { pair.acknowledgePrefix(random) }
        }
        while pair.window.inFlightCount > 0 {
            _ = pair.acknowledgeOne(random)
            pair.acknowledgePrefix(random)
        }
        #expect(pair.window.wheel.count == 0)
        #expect(pair.window.runs.isEmpty)
    }

    @Test func `what was acknowledged between decision and writing is not written`() {
        var pair = Pair(initialNumber: 0, fastResend: 2)
        _ = pair.flush(freshCount: 3, timeout: 100, now: 0)
        _ = pair.window.scheduleRetransmissions(
            .init(fastResend: 2, freshCount: 0, timeout: 100, backoff: 100), now: 100)
        pair.window.acknowledge(1, echoed: 0)
        _ = pair.window.acknowledge(before: 1)
        let next = pair.window.nextRetransmission()
        #expect(next == 2)
    }

    @Test func `a decision that is not yet written is not taken twice`() {
        var pair = Pair(initialNumber: 0, fastResend: 2)
        _ = pair.flush(freshCount: 3, timeout: 100, now: 0)
        for now: UInt64 in [100, 300, 900] {
            _ = pair.window.scheduleRetransmissions(
                .init(fastResend: 2, freshCount: 0, timeout: 100, backoff: 100), now: now)
        }
        #expect(pair.window.due == [0, 1, 2])
    }
}
