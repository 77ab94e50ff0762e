import PacketPrimitives

/// The part of a TCP flow that decides how much may be under way. Windows and rates are in packets.
protocol CongestionController: Sendable {
    /// Packets that may be under way.
    var window: Double { get }
    /// Packets per second; `nil`: whatever the window lets out leaves at once.
    var pacingRate: Double? { get }
    /// An acknowledgement told of arrivals.
    mutating func handleArrival(_ sample: ArrivalSample)
    /// Packets were lost, for the first time since a round trip.
    mutating func handleLoss(now: Instant)
    /// Nothing came back for the whole retransmission timeout.
    mutating func handleTimeout(now: Instant)
}

/// What an acknowledgement says.
struct ArrivalSample {
    var now: Instant
    /// Packets that are known to have arrived because of it.
    var arrivedCount: Int
    /// Of the newest of these.
    var roundTripMicroseconds: Int
    /// The lowest of the flow so far.
    var leastRoundTripMicroseconds: Int
    /// Packets per second between the sending of the newest and now; `nil` if the time was too short to tell.
    var deliveryRate: Double?
    /// Packets still under way.
    var inFlight: Int
    /// Whether a round trip has ended: something sent after the last one ended has arrived.
    var endsRound: Bool
    /// Whether losses of the last round trip are being mended.
    var isRecovering: Bool
}
