import Testing
import TunnelReporting

/// Status documents for the tests of `kcptun top`.
enum TopSamples {
    static func document(
        clock: Double = 100, sessions: [SessionStatus] = [], findings: [Finding] = [], start: Double = 1,
        received: UInt64 = 0
    ) throws -> StatusDocument {
        var document = try StatusDocument(bytes: Array(Self.template.utf8))
        document.clock = clock
        document.startTime = start
        document.findings = findings
        document.totals.receivedPayloadBytes = received
        document.totals.sentWireBytes = 1000
        document.totals.sentContentBytes = 750
        document.totals.sentParityBytes = 250
        document.sessions = sessions
        return document
    }

    static func session(_ name: String, received: UInt64 = 0, lost: UInt64 = 0, packets: UInt64 = 0) throws
        -> SessionStatus
    {
        var session = try #require(try StatusDocument(bytes: Array(Self.template.utf8)).sessions.first)
        session.id = name
        session.name = name
        session.traffic.receivedPayloadBytes = received
        session.traffic.receivedPackets = packets
        session.traffic.receivedPacketsLost = lost
        return session
    }

    private static let traffic = """
        {"sentPayloadBytes":0,"receivedPayloadBytes":0,"sentWireBytes":0,"receivedWireBytes":0,"sentContentBytes":0,\
        "sentHeaderBytes":0,"sentParityBytes":0,"sentRetransmissionBytes":0,"sentAcknowledgementBytes":0,\
        "sentPackets":0,"sentPacketsLost":0,"receivedPackets":0,"receivedPacketsLost":0,"retransmittedSegments":0,\
        "timeouts":0,"recoveredPackets":0,"receivedParityPackets":0,"uselessParityPackets":0}
        """

    private static let template = """
        {"program":"kcptun-server","version":"1.2.3","startTime":1,"clock":1,"findings":[],"totals":\(traffic),\
        "sessions":[{"id":"a","name":"a","peer":"a","local":"b","conversation":1,"state":"established","age":3700,\
        "silence":0.2,"isWaiting":false,"cipher":"aes","smuxVersion":2,"usesCompression":true,"sentShards":"10/3",\
        "streams":4,"roundTrip":{"smoothed":0.051,"minimum":0.05,"variation":0.001,"timeout":0.1},\
        "window":{"configured":512,"peer":128,"applied":128,"inFlight":7,"queued":0,"reordering":0,"unread":0},\
        "queuedStreamBytes":0,"memoryBytes":0,"traffic":\(traffic)}],"omittedSessions":0,"metrics":{}}
        """
}
