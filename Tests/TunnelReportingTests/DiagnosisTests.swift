import DatagramIO
import ErasureCoding
import Testing
import TunnelCore
import TunnelReporting
import TunnelRuntime

@Suite struct DiagnosisTests {
    /// What is found when a quiet host changes.
    private static func findings(_ change: (inout HostSnapshot) -> Void) -> [Finding] {
        var later = Samples.host(seconds: 5)
        change(&later)
        return Diagnosis(from: Samples.host(), to: later).findings
    }

    @Test func `nothing is wrong with a quiet host`() {
        #expect(Self.findings { _ in } == [])
        #expect(Diagnosis(from: nil, to: Samples.busyHost).findings == [])
    }

    @Test func `a wrong key is suspected`() throws {
        let finding = try #require(Self.findings { $0.totals.ingress.failedChecksum = 3 }.first)
        #expect(
            finding.severity == .problem && finding.text.contains("3 datagrams") && finding.advice.contains("--key"))
    }

    @Test func `a server that cannot be reached is named, with the reason`() {
        let findings = Self.findings { $0.failedRemotes = ["b:2": "no such name", "a:1": "it has never answered"] }
        #expect(findings.map(\.severity) == [.problem, .problem])
        #expect(findings.first?.text == "The last try to reach a:1 has failed: it has never answered.")
    }

    @Test func `sessions that are not known are noticed`() {
        let findings = Self.findings { $0.totals.ingress.refusedPackets = 1 }
        #expect(findings.map(\.severity) == [.notice] && findings[0].text.hasPrefix("1 datagram arrived"))
    }

    @Test func `a full receive buffer is a problem`() {
        #expect(
            Self.findings { $0.totals.socket.receiveQueueOverflows = 1 }.first?.advice.contains("--sockbuf") == true)
    }

    @Test func `what the system refuses to send is told in its words`() {
        let finding = Self.findings { $0.totals.socket.droppedDatagrams = [101: 4] }.first
        #expect(finding?.text.contains(SystemError.text(of: 101)) == true)
    }

    @Test func `a late event loop is a problem`() {
        #expect(Self.findings { $0.loops[0].lag.add(microseconds: 99_000) } == [])
        #expect(Self.findings { $0.loops[0].lag.add(microseconds: 300_000) }.first?.text.contains("100 ms") == true)
    }

    @Test(arguments: [BufferShortfall.Direction.send, .receive])
    func `a small socket buffer is named with the command that mends it`(direction: BufferShortfall.Direction) {
        let shortfall = BufferShortfall(direction: direction, requestedByteCount: 4_194_304, grantedByteCount: 212_992)
        let findings = Self.findings { $0.add([shortfall, shortfall]) }
        #expect(findings.count == 1)
        #expect(findings[0].severity == .notice && findings[0].text.contains("212992"))
        #expect(findings[0].advice.contains("sysctl -w \(shortfall.systemSetting)=4194304"))
    }

    @Test func `parity that is never needed is noticed, after a while`() {
        #expect(Self.findings { $0.totals.sessions.parityDecoder.parityPackets = 49_999 } == [])
        #expect(Self.findings { $0.totals.sessions.parityDecoder.parityPackets = 50_000 }.count == 1)
        #expect(
            Self.findings {
                $0.totals.sessions.parityDecoder.parityPackets = 50_000
                $0.totals.sessions.parityDecoder.recoveredPackets = 1
            } == [])
    }

    @Test func `problems come first, and not too many`() {
        let silent = (0..<40).map { index in
            var session = Samples.session(peerPort: UInt16(index))
            (session.isWaiting, session.silenceMilliseconds) = (true, 60_000)
            return session
        }
        var later = Samples.host(silent, seconds: 5)
        later.totals.ingress.refusedPackets = 1
        let findings = Diagnosis(from: Samples.host(), to: later).findings
        #expect(findings.count == 12 && findings.allSatisfy { $0.severity == .problem })
    }
}
