/// What a stream of a run carries. The client says it in the stream's first byte.
package enum StreamPurpose: UInt8, Sendable {
    /// Endless data from the server to the client.
    case download = 0x64
    /// Endless data from the client to the server.
    case upload = 0x75
    /// Messages of the client, which the server sends back.
    case messages = 0x6D
}

/// Who uses the link of a run, and for what.
package struct TrafficPattern: Sendable {
    /// One client with a tunnel of its own.
    package struct Tunnel: Sendable {
        package var startSeconds: Double
        package var streams: [StreamPurpose]
        /// Which host the client is on.
        package var host: Int
        /// It is a further session of the client before it.
        var isCompanion = false

        package init(startSeconds: Double = 0, streams: [StreamPurpose], host: Int = 0) {
            self.startSeconds = startSeconds
            self.streams = streams
            self.host = host
        }

        /// The sessions that the client opens for it. One that keeps messages away from transfers gives them another.
        func sessions(separatesMessages: Bool) -> [Tunnel] {
            let messages = self.streams.filter { $0 == .messages }
            guard separatesMessages, !messages.isEmpty, messages.count < self.streams.count else { return [self] }
            var (transfers, companion) = (self, self)
            transfers.streams.removeAll { $0 == .messages }
            companion.streams = messages
            companion.isCompanion = true
            return [transfers, companion]
        }
    }

    /// One TCP flow outside of all tunnels.
    package struct Competitor: Sendable {
        package var kind: CompetitorKind
        package var direction: LinkDirection
        package var startSeconds: Double

        package init(_ kind: CompetitorKind, direction: LinkDirection = .down, startSeconds: Double) {
            self.kind = kind
            self.direction = direction
            self.startSeconds = startSeconds
        }
    }

    package var name: String
    package var tunnels: [Tunnel]
    package var competitors: [Competitor]
    /// The direction that is measured.
    package var direction: LinkDirection

    package init(
        name: String, tunnels: [Tunnel], competitors: [Competitor] = [], direction: LinkDirection = .down
    ) {
        self.name = name
        self.tunnels = tunnels
        self.competitors = competitors
        self.direction = direction
    }

    /// When everybody has started.
    package var lastStartSeconds: Double {
        (self.tunnels.map(\.startSeconds) + self.competitors.map(\.startSeconds)).max() ?? 0
    }

    /// Bytes of a message, and how often one is sent.
    package static let messageByteCount = 128
    package static let messageMicroseconds = 20_000
}

// MARK: The rows

extension TrafficPattern {
    package static let download = TrafficPattern(name: "download", tunnels: [Tunnel(streams: [.download])])
    package static let upload = TrafficPattern(name: "upload", tunnels: [Tunnel(streams: [.upload])], direction: .up)
    /// Nothing but messages.
    package static let messages = TrafficPattern(name: "messages", tunnels: [Tunnel(streams: [.messages])])
    /// Messages in a stream of their own while another one loads.
    package static let loadedDownload = TrafficPattern(
        name: "download+messages", tunnels: [Tunnel(streams: [.download, .messages])])
    package static let loadedUpload = TrafficPattern(
        name: "upload+messages", tunnels: [Tunnel(streams: [.upload, .messages])], direction: .up)
    /// Both ways at once: the acknowledgements of either take room from the other.
    package static let downloadBesideUpload = TrafficPattern(
        name: "download+upload", tunnels: [Tunnel(streams: [.download, .upload])])
    package static let uploadBesideDownload = TrafficPattern(
        name: "upload+download", tunnels: [Tunnel(streams: [.download, .upload])], direction: .up)
    /// Several clients of one host, each starting two seconds after the one before.
    package static func clients(_ count: Int) -> TrafficPattern {
        TrafficPattern(
            name: "\(count)-clients",
            tunnels: (0..<count).map { Tunnel(startSeconds: Double($0) * 2, streams: [.download]) })
    }
    /// The same with a host for each: nothing but the link tells them of one another.
    package static func hosts(_ count: Int) -> TrafficPattern {
        TrafficPattern(
            name: "\(count)-hosts",
            tunnels: (0..<count).map { Tunnel(startSeconds: Double($0) * 2, streams: [.download], host: $0) })
    }
    /// A TCP flow joins a download after two seconds.
    package static func joined(by kind: CompetitorKind) -> TrafficPattern {
        TrafficPattern(
            name: "joined-by-\(kind.rawValue)", tunnels: [Tunnel(streams: [.download])],
            competitors: [Competitor(kind, startSeconds: 2)])
    }
    /// A download joins a TCP flow after two seconds.
    package static func joining(_ kind: CompetitorKind) -> TrafficPattern {
        TrafficPattern(
            name: "joining-\(kind.rawValue)", tunnels: [Tunnel(startSeconds: 2, streams: [.download])],
            competitors: [Competitor(kind, startSeconds: 0)])
    }
    /// A TCP flow by itself, without a tunnel.
    package static func alone(_ kind: CompetitorKind) -> TrafficPattern {
        TrafficPattern(name: kind.rawValue, tunnels: [], competitors: [Competitor(kind, startSeconds: 0)])
    }

    /// Every row.
    package static let all: [TrafficPattern] =
        [
            download, upload, messages, loadedDownload, loadedUpload, downloadBesideUpload, uploadBesideDownload,
            clients(4), hosts(4),
        ]
        + CompetitorKind.allCases.map(joined(by:)) + CompetitorKind.allCases.map(joining)
        + CompetitorKind.allCases.map(alone)
}
