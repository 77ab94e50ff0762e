package import TunnelCore

extension SendingRules {
    /// Reads the value of `-cc`; `nil` if it is none of `off`, `auto` and `fixed:N`, with N in Mbit/s.
    package init?(option: String) {
        switch option {
        case "off": self = .original
        case "auto": self = .modelled
        default:
            let prefix = "fixed:"
            guard option.hasPrefix(prefix), let megabits = Double(option.dropFirst(prefix.count)), megabits > 0,
                megabits <= 100_000
            else { return nil }
            self = .fixed(bytesPerSecond: max(1000, Int(megabits * 125_000)))
        }
    }
}
