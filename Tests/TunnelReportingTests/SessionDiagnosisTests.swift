import KCP
import Testing
import TunnelReporting
import TunnelRuntime

@testable import TunnelCore

/// What is said about one session, through `Diagnosis`.
@Suite struct SessionDiagnosisTests {
    /// The change happens within five seconds.
    private static func findings(
        before: (inout SessionSnapshot) -> Void = { _ in }, _ change: (inout SessionSnapshot) -> Void
    ) -> [Finding] {
        var earlier = Samples.session()
        before(&earlier)
        var later = earlier
        change(&later)
        return Diagnosis(from: Samples.host([earlier]), to: Samples.host([later], seconds: 5)).findings
    }

    @Test func `nothing is wrong with a quiet session`() {
        #expect(Self.findings { _ in } == [])
    }

    @Test(arguments: [(4999, 0), (5000, 1)])
    func `a peer that owes an answer and is silent is a problem`(milliseconds: Int, count: Int) {
        let findings = Self.findings {
            $0.isWaiting = true
            $0.silenceMilliseconds = milliseconds
        }
        #expect(findings.count == count)
        #expect(findings.allSatisfy { $0.session == "127.0.0.1:4000" && $0.severity == .problem })
    }

    @Test func `a peer that was never heard of is another matter`() {
        let finding = Self.findings {
            $0.isWaiting = true
            $0.silenceMilliseconds = nil
        }.first
        #expect(finding?.advice.contains("kcptun-server") == true)
    }

    @Test func `a silent peer that owes nothing is fine`() {
        #expect(Self.findings { $0.silenceMilliseconds = 9000 } == [])
    }

    @Test(
        arguments: [(1000, 40, nil), (1000, 80, "8.0 %"), (1000, 200, "20 %"), (40, 20, nil)]
            as [(UInt64, UInt64, String?)])
    func `high loss of received packets is told as a share`(packets: UInt64, lost: UInt64, share: String?) {
        let findings = Self.findings {
            $0.statistics.session.packetsReceived = packets - lost
            $0.statistics.conversation.lateSegments = lost
        }
        #expect(findings.map { $0.text.prefix { $0 != "%" } + "%" } == (share.map { [Substring($0)] } ?? []))
        #expect(
            findings.allSatisfy { $0.advice.hasPrefix("Switch on FEC at the other end") && $0.severity == .problem })
    }

    @Test func `of what a peer with rate control loses there is nothing to be done`() throws {
        let finding = try #require(
            Self.findings { session in
                session.figures.isPeerRateControlled = true
            } and: {
                $0.statistics.session.packetsReceived = 800
                $0.statistics.conversation.lateSegments = 200
            }.first)
        #expect(finding.text == "20 % of what the peer sends is lost on the way.")
        #expect(finding.severity == .notice && finding.advice.hasPrefix("Nothing to do"))
    }

    @Test(
        arguments: [
            (.modelled, .notice, "Nothing to do"), (.fixed(bytesPerSecond: 1_000_000), .problem, "If the link"),
            (.original, .problem, "Raise --parityshard"),
        ] as [(SendingRules, Finding.Severity, String)])
    func `what to do about high loss of sent packets depends on the rules of sending`(
        rules: SendingRules, severity: Finding.Severity, advice: String
    ) throws {
        let finding = try #require(
            Self.findings { session in
                session.figures.rules = rules
            } and: {
                $0.statistics.conversation.sentSegments = 1000
                $0.statistics.conversation.lostTransmissions = 100
            }.first)
        #expect(finding.text == "10 % of what is sent has to be sent again.")
        #expect(finding.severity == severity && finding.advice.hasPrefix(advice))
    }

    private static func fill(_ session: inout SessionSnapshot) {
        session.figures.window.inFlight = session.figures.window.applied
        session.streams.bytesTowardTunnel = 100_000
    }

    @Test func `a window that is full and was full before limits the speed`() throws {
        #expect(Self.findings(Self.fill) == [])
        let findings = Self.findings(before: Self.fill) { _ in }
        let finding = try #require(findings.first)
        #expect(
            finding.severity == .notice && finding.text.contains("window of 128 packets")
                && finding.text.contains("50 ms"))
        #expect(finding.advice.contains("--rcvwnd at the other end"))
    }

    @Test(arguments: [(128, 512, 128, "--sndwnd"), (512, 128, 128, "raise --rcvwnd"), (512, 512, 100, "Congestion")])
    func `what to change depends on which window it is`(configured: Int, peer: Int, applied: Int, word: String) {
        let findings = Self.findings { session in
            session.figures.rules = .original
            session.figures.window = .init(
                configured: configured, peer: peer, applied: applied, inFlight: applied, queued: 5)
            session.streams.bytesTowardTunnel = 1
        } and: { _ in
        }
        #expect(findings.first?.advice.contains(word) == true)
    }

    @Test func `what a model holds back is no window to be raised`() {
        let findings = Self.findings { session in
            session.figures.window = .init(configured: 512, peer: 512, applied: 100, inFlight: 100, queued: 5)
            session.streams.bytesTowardTunnel = 1
        } and: { _ in
        }
        #expect(findings == [])
    }

    @Test func `on short ways a full window is nothing special`() {
        let findings = Self.findings { session in
            Self.fill(&session)
            session.figures.roundTrip?.smoothed = 5
        } and: { _ in
        }
        #expect(findings == [])
    }

    @Test func `a closed window of the peer is noticed`() {
        let findings = Self.findings { session in
            session.figures.window.peer = 0
            session.figures.window.applied = 0
            session.figures.window.queued = 3
        }
        #expect(findings.first?.text == "The peer's receive window is full.")
    }

    @Test func `a session that is new has no rates`() {
        let lossy = {
            var session = Samples.session()
            session.statistics.session.packetsReceived = 100
            session.statistics.conversation.lateSegments = 100
            return session
        }()
        #expect(Diagnosis(from: Samples.host(), to: Samples.host([lossy], seconds: 5)).findings == [])
    }

    /// The same with both changes given.
    private static func findings(
        _ before: (inout SessionSnapshot) -> Void, and change: (inout SessionSnapshot) -> Void
    ) -> [Finding] {
        Self.findings(before: before, change)
    }
}
