// Figures with their units.
extension FigureText {
    /// Bytes per second in bits per second: `52.3 Mbit/s`.
    package static func bitRate(_ bytesPerSecond: Double) -> String {
        let bits = bytesPerSecond * 8
        if bits >= 1e9 { return "\(Self.fixed(bits / 1e9, 2)) Gbit/s" }
        if bits >= 1e5 { return "\(Self.fixed(bits / 1e6, 1)) Mbit/s" }
        return "\(Self.fixed(bits / 1e3, bits < 1e4 ? 1 : 0)) kbit/s"
    }

    /// A share; `-` if there is none.
    package static func percent(_ share: Double?) -> String {
        guard let share else { return "-" }
        return "\(Self.fixed(share * 100, share < 0.1 ? 1 : 0)) %"
    }

    /// Seconds as whole milliseconds; `-` if there are none.
    package static func milliseconds(_ seconds: Double?) -> String {
        guard let seconds else { return "-" }
        return "\(Self.fixed(seconds * 1000, 0)) ms"
    }

    /// Seconds, minutes, hours or days, whatever fits.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.magnitude < 1e12 else { return "-" }
        let seconds = Int(seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<86400: return "\(seconds / 3600)h\(seconds / 60 % 60)m"
        default: return "\(seconds / 86400)d\(seconds / 3600 % 24)h"
        }
    }

    /// `1 session`, `2 sessions`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
