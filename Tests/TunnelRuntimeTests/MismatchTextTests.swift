import Ciphers
import Foundation
import KCP
import PacketPrimitives
import Smux
import SnappyFraming
import Testing
import TunnelCore

@testable import TunnelRuntime

/// Every explanation names the difference and what to change.
@Suite struct MismatchTextTests {
    private static let newest = StreamProfile(smuxVersion: 2, usesCompression: true)
    private static let old = StreamProfile(smuxVersion: 1, usesCompression: false)

    private static func text(
        _ failure: SessionFailure, _ role: TunnelRole = .client, hasHeardFrames: Bool = false
    ) -> String {
        failure.explanation(role: role, own: Self.newest, hasHeardFrames: hasHeardFrames) ?? ""
    }

    @Test func `a client is told its new flags`() {
        #expect(
            Self.text(.profileMismatch(peer: Self.old))
                == "the server uses smux 1 and no compression, this client smux 2 and compression:"
                + " start this client with -smuxver 1 and with -nocomp")
    }

    @Test func `a strict server says what its clients need`() {
        let text = Self.text(.profileMismatch(peer: Self.old), .server)
        #expect(text.contains("the client uses smux 1 and no compression"))
        #expect(text.contains("with -smuxver 2 and without -nocomp"))
        #expect(text.contains("without -strict"))
    }

    @Test(
        arguments: [
            (.refusedByServer, "-strict"), (.forgottenByServer, "-smuxver"),
            (.permutationMismatch(peerPermutes: true), "the other end uses QPP and this one does not"),
            (.permutationMismatch(peerPermutes: false), "this end uses QPP and the other does not"),
            (.unknownStream(firstByte: 71), "71"), (.multiplexer(.peerSilent), "silent"),
            (.compression(.corruptBlock), "corrupt"), (.neverAnswered, "never answered"),
        ] as [(SessionFailure, String)])
    func `every failure has words`(failure: SessionFailure, words: String) {
        #expect(Self.text(failure).contains(words))
    }

    @Test func `a session that we close needs none`() {
        #expect(SessionFailure.closed.explanation(role: .client, own: Self.newest, hasHeardFrames: true) == nil)
    }

    @Test func `a server that forgets a session which has worked was restarted`() {
        #expect(Self.text(.forgottenByServer, hasHeardFrames: true).contains("restarted"))
    }

    @Test(
        arguments: [
            (.profileMismatch(peer: old), true), (.permutationMismatch(peerPermutes: true), true),
            (.refusedByServer, true), (.unknownStream(firstByte: 0), true), (.multiplexer(.peerSilent), false),
            (.forgottenByServer, false), (.neverAnswered, false), (.closed, false),
        ] as [(SessionFailure, Bool)])
    func `settings that do not fit are known as such`(failure: SessionFailure, isMismatch: Bool) {
        #expect(failure.isMismatch == isMismatch)
    }

    @Test func `silence of a server that never answered has its causes in order`() throws {
        let server = PeerAddress.ipv4(0x7F00_0001, port: 29900)
        let text = MismatchText.silence(of: server, over: "UDP", sentCount: 14, hasAnswered: false)
        let places = try ["127.0.0.1:29900", "14 datagrams", "does not run there", "-key or -crypt", "UDP"].map {
            try #require(text.range(of: $0)?.lowerBound)
        }
        #expect(places == places.sorted())
        #expect(!MismatchText.silence(of: server, over: "UDP", sentCount: 14, hasAnswered: true).contains("-key"))
    }

    @Test(arguments: [
        (newest, true, nil), (old, true, "client uses smux 1, no compression; adapting (use -strict to refuse)"),
        (newest, false, "client uses no FEC; adapting (use -strict to refuse)"),
    ])
    func `what is adapted is said`(client: StreamProfile, usesShards: Bool, text: String?) throws {
        let configuration = SessionConfiguration(
            role: .server, cipher: .aes, derivedKey: [], dataShards: 10, parityShards: 3, mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 8, receiveWindow: 8), multiplexer: try Smux.Configuration(), usesCompression: true)
        #expect(MismatchText.adaptation(client, usesShards: usesShards, configuration: configuration) == text)
    }
}
