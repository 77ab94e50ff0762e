import PacketPrimitives
import TestSupport
import Testing

@testable import KCP

/// The 14 transcripts of the original's endpoints: every packet, return class, delay and state must be the same.
@Suite struct KCPVectorTests {
    struct File: Decodable { var transcripts: [Transcript] }

    struct Transcript: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var conv: UInt32
        var mtu, nodelay, interval, resend, nc, sndWnd, rcvWnd: Int
        var initialSn: UInt32
        var endpoints: [Endpoint]

        var testDescription: String { self.name }

        var configuration: Configuration {
            Configuration(
                mtu: self.mtu, noDelay: self.nodelay != 0, intervalMilliseconds: self.interval,
                fastResend: self.resend, congestionControl: self.nc == 0, sendWindow: self.sndWnd,
                receiveWindow: self.rcvWnd, initialSequenceNumber: self.initialSn)
        }
    }

    struct Endpoint: Decodable, Sendable {
        var endpoint: String
        var events: [Event]
        var received: Hex?
    }

    struct Event: Decodable, Sendable {
        enum Operation: String, Decodable { case write, send, flush, input, recv }
        var op: Operation
        var t: UInt64
        var data: Hex?
        var out: [Hex]?
        var ret: Int?
        var regular: Bool?
        var acknodelay: Bool?
        var next: Int?
        var len: Int?
        var state: State
    }

    /// The original's internal state, under its names.
    struct State: Decodable, Equatable, Sendable {
        var acklist, cwnd, incr, rcvBuf, rcvNxt, rcvQueue, rmtWnd, rxRto, rxRttvar, rxSrtt: Int
        var sndBuf, sndNxt, sndQueue, sndUna, ssthresh: Int
    }

    static let transcripts: [Transcript] =
        (try? Vectors.load("kcp_transcripts.json", as: File.self))?.transcripts ?? []

    @Test func `all transcripts are there`() {
        #expect(Self.transcripts.count == 14)
        #expect(Self.transcripts.flatMap(\.endpoints).reduce(0) { $0 + $1.events.count } == 1008)
    }

    @Test(arguments: Self.transcripts)
    func `an endpoint does what the original did`(transcript: Transcript) throws {
        for endpoint in transcript.endpoints {
            var configuration = transcript.configuration
            configuration.acknowledgeImmediately = endpoint.events.contains { $0.acknodelay == true }
            var replay = Replay(Conversation(id: transcript.conv, configuration: configuration))
            for (index, event) in endpoint.events.enumerated() {
                let place = "\(endpoint.endpoint) event \(index) (\(event.op.rawValue), t=\(event.t))"
                let packets = replay.perform(event, place: place)
                try #require(packets.map(\.hex) == (event.out ?? []).map(\.bytes.hex), "\(place): packets")
                try #require(replay.conversation.state == event.state, "\(place): state")
            }
            if let received = endpoint.received { #expect(replay.received == received.bytes) }
        }
    }

    /// One endpoint, to which a transcript's events are done.
    struct Replay: ~Copyable {
        var conversation: Conversation
        var received: [UInt8] = []
        private var slab = PacketSlab(slotCount: 8)

        init(_ conversation: consuming Conversation) { self.conversation = conversation }

        mutating func perform(_ event: Event, place: String) -> [[UInt8]] {
            let now = Instant(milliseconds: event.t)
            let data = event.data?.bytes ?? []
            switch event.op {
            case .send:
                self.conversation.write(data.span.bytes)
                #expect(event.ret == (data.isEmpty ? -1 : 0), "\(place): return value")
            case .write:
                self.conversation.write(data.span.bytes)
                self.conversation.flush(now: now)
            case .flush:
                self.conversation.flush(now: now)
            case .input:
                let disposition = self.conversation.handlePacket(
                    data.span.bytes, isRecovered: event.regular == false, now: now, deliver: { _ in false })
                #expect(disposition.originalReturnValue == event.ret, "\(place): return value")
            case .recv:
                self.receiveOne(event, now: now, place: place)
            }
            let packets = self.conversation.drainPackets(&self.slab, now: now)
            if let next = event.next {
                #expect(self.conversation.millisecondsToNextFlush(now: now) == next, "\(place): next flush")
            }
            return packets
        }

        private mutating func receiveOne(_ event: Event, now: Instant, place: String) {
            var segments: [[UInt8]] = []
            self.conversation.read(now: now) { bytes in
                guard segments.isEmpty else { return false }
                segments.append([UInt8](bytes))
                return true
            }
            #expect(segments.map(\.count) == [event.len], "\(place): length")
            self.received += segments.joined()
        }
    }
}

extension Conversation.Disposition {
    fileprivate var originalReturnValue: Int {
        switch self {
        case .accepted: 0
        case .dropped(.tooShort), .dropped(.foreignConversation): -1
        case .dropped(.truncated): -2
        case .dropped(.unknownCommand): -3
        }
    }
}

extension Conversation {
    fileprivate var state: KCPVectorTests.State {
        .init(
            acklist: self.acknowledgements.count, cwnd: Int(self.congestion.window),
            incr: Int(self.congestion.increment), rcvBuf: self.receiving.waitingCount,
            rcvNxt: Int(self.receiving.next), rcvQueue: self.receiving.readyCount, rmtWnd: Int(self.remoteWindow),
            rxRto: Int(self.roundTrip.timeout), rxRttvar: Int(self.roundTrip.variation),
            rxSrtt: Int(self.roundTrip.smoothed), sndBuf: self.sending.inFlightCount,
            sndNxt: Int(self.sending.next), sndQueue: self.sending.queuedSegmentCount,
            sndUna: Int(self.sending.first), ssthresh: Int(self.congestion.threshold))
    }
}
