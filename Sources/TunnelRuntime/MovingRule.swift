import PacketPrimitives

/// Why a client's session goes on from another socket.
enum MovingReason: String {
    case addressGone = "its address is gone"
    case otherRoute = "that is where the route begins now"
    case silence = "nothing comes to the port it had"
}

/// When a client's session that hears nothing should go on from another socket.
struct MovingRule {
    /// How long nothing must come until another port is tried. Twice as long each time: it may not be the port.
    private(set) var patienceMilliseconds = MovingRule.firstPatience

    private static let firstPatience = 4000

    /// - Parameters:
    ///   - isGone: the machine does not have the address of the session's socket any more.
    ///   - isOther: a new socket would have another address.
    ///   - isFollowed: the server goes after sessions.
    ///   - silence: how long nothing has come, milliseconds.
    mutating func reason(isGone: Bool, isOther: Bool, isFollowed: Bool, silence: Int) -> MovingReason? {
        if isGone { return .addressGone }  // There is nothing to lose.
        guard isFollowed else { return nil }
        if isOther { return .otherRoute }
        guard silence >= self.patienceMilliseconds else { return nil }
        self.patienceMilliseconds *= 2
        return .silence
    }

    /// Something has come.
    mutating func reset() { self.patienceMilliseconds = Self.firstPatience }
}
