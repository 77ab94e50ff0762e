import PacketPrimitives
import Testing

@testable import RateControl

@Suite struct PathSharesTests {
    private static let datagram = 1378.0
    private static let rate = 1_250_000.0

    private static func time(_ microseconds: Int) -> Instant {
        Instant(milliseconds: 1000).advanced(microseconds: microseconds)
    }

    /// Lets members send whole datagrams while they have credit, the first always asking first.
    private struct Contest {
        var shares = PathShares(now: PathSharesTests.time(0))
        var members: [Int] = []
        var sent: [Int] = []

        init(count: Int) {
            for _ in 0..<count {
                self.members.append(self.shares.join())
                self.sent.append(0)
            }
        }

        mutating func ask(_ index: Int, at microseconds: Int) {
            let now = PathSharesTests.time(microseconds)
            let member = self.members[index]
            while self.shares.allowance(
                of: member, rate: PathSharesTests.rate, datagramByteCount: PathSharesTests.datagram, now: now) > 0
            {
                self.shares.spend(1378, by: member)
                self.sent[index] += 1378
            }
            self.shares.setNeed(of: member, to: .pacing, now: now)
        }
    }

    @Test(arguments: [2, 3, 7, 40]) func `whoever asks first, all get the same and the rate is used up`(count: Int) {
        var contest = Contest(count: count)
        for step in 0..<20_000 {
            for index in 0..<count { contest.ask(index, at: step * 100) }
        }
        let least = contest.sent.min() ?? 0
        let most = contest.sent.max() ?? 0
        #expect(most - least <= 4 * 1378)
        let total = contest.sent.reduce(0, +)
        #expect(abs(total - 2_500_000) <= 5000 + count * 2 * 1378)
    }

    @Test func `who asks rarely still gets its part, as long as it can be saved`() {
        var contest = Contest(count: 2)
        for step in 0..<10_000 {
            contest.ask(0, at: step * 100)
            if step % 8 == 0 { contest.ask(1, at: step * 100) }
        }
        #expect(abs(contest.sent[0] - contest.sent[1]) <= 4 * 1378)
    }

    @Test func `what one does not want the others get`() {
        var contest = Contest(count: 2)
        for step in 0..<5000 { for index in 0..<2 { contest.ask(index, at: step * 100) } }
        contest.shares.setNeed(of: contest.members[1], to: .nothing, now: Self.time(500_000))
        let before = contest.sent[0]
        for step in 5000..<10_000 { contest.ask(0, at: step * 100) }
        #expect(abs(contest.sent[0] - before - 625_000) <= 4 * 1378)
    }

    @Test func `what goes out of turn is paid by all`() {
        var contest = Contest(count: 3)
        for step in 0..<10_000 {
            for index in 0..<2 { contest.ask(index, at: step * 100) }
            if step % 100 == 0 { contest.shares.spend(1000, by: contest.members[2]) }
        }
        let total = contest.sent[0] + contest.sent[1] + 100 * 1000
        #expect(abs(total - 1_250_000) <= 5 * 1378)
        #expect(abs(contest.sent[0] - contest.sent[1]) <= 4 * 1378)
    }

    /// A minute of acknowledgements at twice the rate, for example.
    @Test func `what has gone out of turn does not stop the rest for long`() throws {
        var shares = PathShares(now: Self.time(0))
        let member = shares.join()
        for step in 0..<60_000 {
            _ = shares.allowance(
                of: member, rate: 50_000, datagramByteCount: Self.datagram, now: Self.time(step * 1000))
            shares.spend(100, by: member)
        }
        let now = Self.time(60_000_000)
        shares.setNeed(of: member, to: .pacing, now: now)
        let next = try #require(shares.nextTrain(of: member, rate: 50_000, datagramByteCount: Self.datagram))
        #expect(next.microseconds(since: now) < 1_000_000)
    }

    /// What one sends in a number of steps of 100 µs.
    private static func send(_ shares: inout PathShares, by member: Int, from start: Int, steps: Int) -> Int {
        var sent = 0
        for step in 0..<steps {
            let now = Self.time(start + step * 100)
            while shares.allowance(of: member, rate: Self.rate, datagramByteCount: Self.datagram, now: now) > 0 {
                shares.spend(1378, by: member)
                sent += 1378
            }
            shares.setNeed(of: member, to: .pacing, now: now)
        }
        return sent
    }

    @Test(arguments: [(SendingNeed.peerWindow, 25_000), (.nothing, 0)])
    func `what a peer's window kept back leaves at half as much again`(need: SendingNeed, reserve: Int) {
        var shares = PathShares(now: Self.time(0))
        let member = shares.join()
        _ = Self.send(&shares, by: member, from: 0, steps: 1000)
        shares.setNeed(of: member, to: need, now: Self.time(100_000))
        // 62,500 bytes would have left.
        for step in 1000..<1500 {
            _ = shares.allowance(
                of: member, rate: Self.rate, datagramByteCount: Self.datagram, now: Self.time(step * 100))
        }
        let first = Self.send(&shares, by: member, from: 150_000, steps: 200)
        let second = Self.send(&shares, by: member, from: 170_000, steps: 1000)
        #expect(abs(first - 25_000 - reserve / 2) <= 4 * 1378)
        #expect(abs(first + second - 150_000 - reserve) <= 4 * 1378, "20 ms of the rate at most")
    }

    @Test func `where there is a queue nothing is caught up with`() {
        var shares = PathShares(now: Self.time(0))
        let member = shares.join()
        shares.setNeed(of: member, to: .peerWindow, now: Self.time(0))
        _ = shares.allowance(of: member, rate: Self.rate, datagramByteCount: Self.datagram, now: Self.time(20_000))
        shares.dropReserve()
        #expect(abs(Self.send(&shares, by: member, from: 20_000, steps: 200) - 25_000) <= 4 * 1378)
    }

    @Test func `claims are counted and forgotten`() {
        var shares = PathShares(now: Self.time(0))
        let (first, second) = (shares.join(), shares.join())
        #expect(!shares.isBusy(now: Self.time(0)))
        shares.setNeed(of: first, to: .window, now: Self.time(0))
        #expect(shares.claimantCount == 1 && shares.isClaimed(besides: second) && !shares.isClaimed(besides: first))
        shares.setNeed(of: second, to: .peerWindow, now: Self.time(500_000))
        #expect(shares.claimantCount == 1 && !shares.isClaimed(besides: first))
        #expect(shares.wasKeptBack(since: Self.time(400_000)) && !shares.wasKeptBack(since: Self.time(600_000)))
        #expect(shares.isBusy(now: Self.time(900_000)) && !shares.isBusy(now: Self.time(1_100_000)))
        shares.leave(first)
        #expect(shares.claimantCount == 0)
        #expect(shares.join() == first)
    }
}
