package import PacketPrimitives

/// What moves datagrams over the network in bursts: UDP, or a disguise of it.
///
/// A carrier does not own its descriptor: an event loop that watches it for readiness closes it. Not thread-safe: it
/// stays with the loop that uses it. Nothing in it blocks.
package protocol DatagramCarrier: AnyObject {
    /// Non-blocking, close-on-exec. Readable means that datagrams wait.
    var descriptor: Int32 { get }
    /// The address and port that peers send to; of a connected one, the address its datagrams come from.
    var localAddress: PeerAddress { get }
    /// What the datagrams look like on the network.
    var transport: Transport { get }
    /// What became of the options that it was made with.
    var granted: GrantedOptions { get }
    var statistics: DatagramStatistics { get }

    /// Sends the entries from `first` on; those of length zero are skipped.
    ///
    /// An error costs the datagrams it is about and nothing else: they are counted by error number in `statistics` and
    /// the carrier goes on. Datagrams that are sent again are those the kernel did not take.
    ///
    /// - Parameters:
    ///   - destination: `nil` on a connected carrier, and only there.
    ///   - source: the address that the datagrams shall come from; `nil` leaves it to the kernel.
    func send(
        _ slab: borrowing PacketSlab, startingAt first: Int, to destination: PeerAddress?, from source: LocalAddress?
    ) -> SendResult

    /// Reads what is waiting, as far as the batch goes, behind what it holds already.
    func receive(into batch: inout ReceiveBatch) -> ReceiveResult

    /// Takes in a message that somebody else has read from the descriptor, as an event loop does with the first one.
    /// `segmentByteCount`: it is a train of datagrams of this length (the loop's report of UDP_GRO).
    func accept(
        _ bytes: RawSpan, segmentByteCount: Int?, from source: PeerAddress, to destination: LocalAddress?,
        into batch: inout ReceiveBatch)

    /// Has the kernel drop what these send from now on, and what others sent that were named before no longer. Only for
    /// a carrier that has not one peer only. `false`: it cannot do that.
    func turnAway(_ sources: [PeerAddress]) -> Bool

    /// Closes the descriptor. Only for a carrier that has not been handed to an event loop.
    func close()
}

extension DatagramCarrier {
    package func turnAway(_ sources: [PeerAddress]) -> Bool { false }
}

/// What datagrams look like on the network; the raw value is how the log names it.
package enum Transport: String, Hashable, Sendable {
    case udp
    /// Segments of a TCP connection, to the eye (protocol 06 §10).
    case tcp
}

/// How reading ended.
package enum ReceiveResult: Hashable, Sendable {
    /// Nothing more is waiting.
    case drained
    /// The batch is full and more may be waiting: empty it and call again.
    case full
    /// The socket cannot be read any more; what was read before is in the batch.
    case failed(SystemError)
}

/// How sending a slab ended.
package enum SendResult: Hashable, Sendable {
    /// Every entry has been sent, or dropped and counted.
    case complete
    /// The kernel takes no more for the moment. Send again from entry `next` on, a little later.
    case blocked(next: Int)
}
