/// Where frames are built before they enter the conversation: one per event loop, shared by its sessions, so that
/// an idle session costs nothing and a busy one works in memory that is already in the cache.
@safe
package final class FrameScratch {
    /// A frame header and the largest payload (protocol 04 §1).
    package static let byteCount = 8 + 65535
    private let memory: UnsafeMutableRawPointer

    package init() { unsafe self.memory = .allocate(byteCount: Self.byteCount, alignment: 64) }

    deinit { unsafe self.memory.deallocate() }

    /// The whole memory. One use at a time.
    var bytes: MutableRawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe MutableRawSpan(_unsafeStart: self.memory, byteCount: Self.byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}
