/// What the kernel says that it has dropped: one count, modulo 2³², for what found no room in the receive buffer and for
/// what was turned away.
struct KernelDrops {
    private var count: UInt32 = 0
    /// Whether somebody's messages are turned away.
    var isTurningAway = false {
        didSet { if self.isTurningAway { self.mayBeTurnedAway = true } }
    }
    /// The count comes with the next message that is let through, which may be after the end of it.
    private var mayBeTurnedAway = false

    /// Takes a report; returns how many more it tells of, and whether they were turned away.
    mutating func note(_ count: UInt32) -> (messages: UInt64, areTurnedAway: Bool) {
        defer {
            self.count = count
            self.mayBeTurnedAway = self.isTurningAway
        }
        return (UInt64(count &- self.count), self.mayBeTurnedAway)
    }
}
