import TunnelReporting

/// The table of sessions: as many columns as the terminal has room for, the most telling first.
struct TopTable: Sendable {
    private struct Column: Sendable {
        let title: String
        let width: Int
        let text: @Sendable (SessionStatus, TrafficRates?) -> String
        var isHigh: @Sendable (TrafficRates?) -> Bool = { _ in false }
    }

    private static let title = "SESSION"
    private static let greatestNameWidth = 44
    private static let gap = "  "
    /// More loss than this stands out.
    private static let highLoss = 0.05

    private static let all = [
        Column(title: "RECEIVED", width: 11) { _, rates in rates.map { FigureText.bitRate($0.receivedPayload) } ?? "-"
        },
        Column(title: "SENT", width: 11) { _, rates in rates.map { FigureText.bitRate($0.sentPayload) } ?? "-" },
        Column(title: "RTT", width: 7) { session, _ in FigureText.milliseconds(session.roundTrip?.smoothed) },
        Column(title: "LOSS IN", width: 7) { _, rates in
            FigureText.percent(rates?.receivedLoss)
        } isHigh: {
            $0?.receivedLoss ?? 0 > highLoss
        },
        Column(title: "OUT", width: 6) { _, rates in
            FigureText.percent(rates?.sentLoss)
        } isHigh: {
            $0?.sentLoss ?? 0 > highLoss
        },
        Column(title: "STREAMS", width: 7) { session, _ in "\(session.streams)" },
        Column(title: "IN FLIGHT", width: 11) { session, _ in "\(session.window.inFlight)/\(session.window.applied)" },
        Column(title: "FEC", width: 10) { session, _ in
            "\(session.sentShards ?? "-") \(session.receivedShards ?? "-")"
        },
        Column(title: "HEARD", width: 6) { session, _ in
            session.silence.map { $0 < 1 ? "now" : FigureText.duration($0) } ?? "never"
        },
        Column(title: "AGE", width: 8) { session, _ in FigureText.duration(session.age) },
        Column(title: "CIPHER", width: 11) { session, _ in session.cipher },
        Column(title: "SMUX", width: 4) { session, _ in "\(session.smuxVersion)" },
    ]

    private let nameWidth: Int
    private let columns: [Column]

    init(columns: Int, names: [String]) {
        let longest = names.reduce(Self.title.count) { max($0, $1.count) }
        let nameWidth = min(longest, Self.greatestNameWidth)
        self.nameWidth = nameWidth
        var room = columns - nameWidth
        self.columns = Array(
            Self.all.prefix { column in
                room -= column.width + Self.gap.count
                return room >= 0
            })
    }

    var head: StyledLine {
        StyledLine(
            self.columns.reduce(FigureText.left(Self.title, width: self.nameWidth)) { text, column in
                text + Self.gap + FigureText.right(column.title, width: column.width)
            }, .quiet)
    }

    func row(_ session: SessionStatus, _ rates: TrafficRates?) -> StyledLine {
        var line = StyledLine(FigureText.left(String(session.name.prefix(self.nameWidth)), width: self.nameWidth))
        for column in self.columns {
            line.append(Self.gap)
            line.append(
                FigureText.right(column.text(session, rates), width: column.width),
                column.isHigh(rates) ? .problem : .plain)
        }
        return line
    }
}
