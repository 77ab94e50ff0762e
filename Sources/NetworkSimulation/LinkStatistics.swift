/// What has become of the datagrams of one link.
package struct LinkStatistics: Equatable, Sendable {
    package var sentDatagrams: UInt64 = 0
    package var sentBytes: UInt64 = 0
    /// Handed out by `poll`, second copies included.
    package var deliveredDatagrams: UInt64 = 0
    package var deliveredBytes: UInt64 = 0
    /// How many arrive twice.
    package var duplicatedDatagrams: UInt64 = 0
    package var corruptedDatagrams: UInt64 = 0
    package var truncatedDatagrams: UInt64 = 0
    private var losses: [LossCause: UInt64] = [:]

    package init() {}

    /// How many were lost for this reason.
    package subscript(cause: LossCause) -> UInt64 {
        get { self.losses[cause, default: 0] }
        set { self.losses[cause] = newValue }
    }

    /// How many were lost for any reason.
    package var lostDatagrams: UInt64 { self.losses.values.reduce(0, +) }
}
