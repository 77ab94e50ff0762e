/// Tells somebody who goes on with a conversation that nothing is known of it, as after a restart.
///
/// It is a WINS that expects 0 and echoes the time of the packet that it answers. No receiver takes back what it
/// expects, so a client of ours sees at once that its session is gone, where the original's waits half a minute for its
/// keep-alive; to that one the packet says nothing (protocol 03 §4). It is no longer than the shortest packet there is.
package struct Disclaimer: Equatable, Sendable {
    package let conversation: UInt32
    /// The time in the packet that is answered.
    package let time: UInt32

    /// - Parameter header: of a packet of an unknown conversation; `nil` if it deserves no answer: only what asks for one
    ///   gets one.
    package init?(to header: SegmentHeader) {
        switch Command(rawValue: header.command) {
        case .push, .askWindow: break
        case .acknowledge, .tellWindow, nil: return nil
        }
        self.conversation = header.conversation
        self.time = header.time
    }

    /// The packet.
    /// - Parameter window: the receive window of new conversations, segments.
    package func header(window: UInt16) -> SegmentHeader {
        SegmentHeader(
            conversation: self.conversation, command: .tellWindow, window: window, time: self.time, number: 0,
            expected: 0)
    }
}
