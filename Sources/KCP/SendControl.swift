import PacketPrimitives
import RateControl

/// What a conversation keeps whose sending a path controller directs: which transmission is which, and which are lost.
///
/// Takes the place of the original's timers and skip counts; with no controller it stays empty.
struct SendControl: ~Copyable {
    private(set) var path: PathController?
    /// Bytes around a KCP packet in its IP datagram.
    let overheadByteCount: Int
    var log: TransmissionLog
    var detector: LossDetector
    var probe = ProbeTimer()
    var coverage: AcknowledgementCoverage
    /// Transmissions that may leave though the window has no room: probes.
    var exemptCount = 0
    /// Its name among those that share the path.
    private(set) var member: Int
    /// What of the path's bytes in flight is its own.
    var inFlightByteCount = 0
    var sparse = SparseTraffic()
    var copies = CopyQueue()
    /// The widest window that the peer has told: so far beyond what it expects it takes segments, whatever it holds already.
    var widestPeerWindow: UInt32 = 0
    var expected = ExpectedHistory()
    /// What goes out once more after it has been sent again.
    var repairs = RepairQueue()
    /// Parity goes out with everything.
    var isUnderParity = false
    /// What may carry repairs instead of copies.
    var repairGroup: RepairGroup?
    /// Until when what has got lost is gathered for it.
    var gathering: Instant?
    var lossRuns = LossRuns()

    /// - Parameter firstTag: of the first transmission.
    init(path: PathController?, overheadByteCount: Int, firstTag: UInt32) {
        self.path = path
        self.overheadByteCount = overheadByteCount
        self.log = TransmissionLog(firstTag: firstTag)
        self.detector = LossDetector(firstTag: firstTag)
        self.coverage = AcknowledgementCoverage(firstTag: firstTag)
        self.member = path?.join() ?? 0
    }

    /// Goes on on another path. What is under way may still arrive, but belongs to neither any more.
    mutating func change(to other: PathController, now: Instant) {
        self.path?.leave(self.member, inFlightByteCount: self.inFlightByteCount)
        self.path = other
        self.member = other.join()
        self.inFlightByteCount = 0
        self.log.replaceStamps { other.adopt($0, now: now) }
    }

    deinit { self.path?.leave(self.member, inFlightByteCount: self.inFlightByteCount) }

    /// Whether another transmission may leave now.
    func mayTransmit(_ path: PathController) -> Bool {
        self.exemptCount > 0 || self.sparse.isFavoured || path.hasRoom(besides: self.inFlightByteCount)
    }
}
