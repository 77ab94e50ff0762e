/// What the sender remembers of a segment that has a number.
struct SegmentRecord: RingRecord {
    /// Whether ACKs of later segments are counted for this one.
    enum Counting: UInt8, BitwiseCopyable {
        /// Not sent yet, or sent again before its timeout: not until a timeout (protocol 03 §7, 3).
        case off
        /// Sent once. Send times ascend with the numbers.
        case firstTransmission
        /// Sent again after a timeout: a member of a `TimeoutRuns` run.
        case afterTimeout
    }

    /// Where its bytes lie in the send queue's ring.
    var position: UInt64 = 0
    /// The `ts` field as sent last: when that was, wrapping milliseconds; with a path controller the tag of that
    /// transmission.
    var sendTime: UInt32 = 0
    /// When it is due again, on the same clock.
    var deadline: UInt32 = 0
    /// Milliseconds between the two.
    var timeout: UInt32 = 0
    /// How often it was sent.
    var transmissionCount: UInt32 = 0
    /// How many ACKs of later segments came since (`fastack`), counted up to the threshold.
    var skipCount: UInt32 = 0
    var previousInBucket: UInt32 = 0
    var nextInBucket: UInt32 = 0
    var previousInRun: UInt32 = 0
    var nextInRun: UInt32 = 0
    var run: UInt32 = 0
    var byteCount: UInt16 = 0
    /// The bucket of the deadline wheel it is in.
    var bucket: UInt16 = DeadlineWheel.noBucket
    var counting = Counting.off
    /// Its number was acknowledged, but `una` has not passed it.
    var isAcknowledged = false
    /// A flush has decided to send it again and it is not written yet.
    var isScheduled = false
    /// It is in the list of segments that were skipped.
    var isSkipped = false
    /// It was sent again because nothing has been heard of it, not because it is known to be missing.
    var isUntold = false
}
