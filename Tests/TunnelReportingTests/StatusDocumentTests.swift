import Foundation
import Testing
import TunnelCore
import TunnelReporting
import TunnelRuntime

@Suite struct StatusDocumentTests {
    private static func document(_ host: HostSnapshot) -> StatusDocument {
        StatusDocument(
            Samples.input(host), findings: [Finding(.notice, session: "a", "It rains.", advice: "Take an umbrella.")])
    }

    @Test func `a document survives JSON`() throws {
        let document = Self.document(Samples.busyHost)
        #expect(try StatusDocument(bytes: document.bytes) == document)
    }

    private static func keys(_ reference: KeyValuePairs<String, String>) -> Set<String> {
        Set(reference.flatMap { $0.key.split(separator: ", ").map(String.init) })
    }

    @Test func `every key is explained`() throws {
        var session = Samples.session()
        session.figures.receivedShards = session.figures.sentShards
        let object = try JSONSerialization.jsonObject(with: Data(Self.document(Samples.host([session])).bytes))
        let document = try #require(object as? [String: Any])
        #expect(Set(document.keys) == Self.keys(StatusReference.document))
        #expect(Set(try #require(document["totals"] as? [String: Any]).keys) == Self.keys(StatusReference.traffic))
        let entry = try #require((document["sessions"] as? [[String: Any]])?.first)
        #expect(Set(entry.keys) == Self.keys(StatusReference.session))
    }

    @Test func `metrics are in it`() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Self.document(Samples.busyHost).bytes))
        let document = try #require(object as? [String: Any])
        let metrics = try #require(document["metrics"] as? [String: Double])
        #expect(metrics["kcptun_sessions{state=\"established\"}"] == 2)
    }

    @Test func `sessions come with seconds and their own name`() throws {
        var session = Samples.session()
        session.silenceMilliseconds = nil
        let server = SessionStatus(session, role: .server)
        #expect(server.name == "127.0.0.1:4000" && server.id == "127.0.0.1:4000#7")
        #expect(server.age == 60 && server.silence == nil)
        #expect(server.roundTrip?.smoothed == 0.05 && server.sentShards == "10/3")
        #expect(SessionStatus(session, role: .client).name == "127.0.0.1:4000 from :29900")
    }

    @Test func `of very many sessions those heard of last are shown`() {
        let sessions = (0..<StatusDocument.sessionLimit + 10).map { index in
            var session = Samples.session(peerPort: UInt16(index))
            session.silenceMilliseconds = 10_000 - index
            return session
        }
        let document = Self.document(Samples.host(sessions))
        #expect(document.sessions.count == StatusDocument.sessionLimit && document.omittedSessions == 10)
        #expect(document.sessions.first?.peer == "127.0.0.1:\(sessions.count - 1)")
    }

    @Test func `something else is refused`() {
        for text in ["", "{}", "[1]", "<html>"] {
            #expect(throws: (any Error).self) { try StatusDocument(bytes: Array(text.utf8)) }
        }
    }
}
