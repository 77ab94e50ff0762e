/// Settings that the operator has left alone. Where a model of the path decides when to send (`-cc`), they are what
/// that needs; else they keep the original's defaults.
package struct AutomaticSettings: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `-sndwnd`: the model bounds what is in flight.
    package static let sendWindow = AutomaticSettings(rawValue: 1 << 0)
    /// `-rcvwnd`: wide towards a peer that sends by a model. One that sends by the original's rules fills whatever window
    /// it is shown, and the queues with it, so it keeps being shown the default.
    package static let receiveWindow = AutomaticSettings(rawValue: 1 << 1)
    /// `-streambuf`: grows with what the application takes.
    package static let streamBuffer = AutomaticSettings(rawValue: 1 << 2)
    /// `-datashard`, `-parityshard`: parity is left out where sending again is cheaper.
    package static let parity = AutomaticSettings(rawValue: 1 << 3)
}
