#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What to do about a message that the kernel did not take.
enum SendVerdict: Equatable {
    /// The same call once more.
    case again
    /// Nothing more goes out for the moment.
    case blocked
    /// The same datagrams once more, each as a message of its own.
    case withoutSegmentation
    /// The kernel lacks `sendmmsg`: once more, one message per call.
    case withoutBatching
    case drop

    /// - Parameters:
    ///   - isSegmented: the message is a train of segments.
    ///   - attempts: how often this message has been tried already, 1 after the first failure.
    init(error: Int32, isSegmented: Bool, isBatched: Bool, attempts: Int) {
        self =
            switch error {
            case EAGAIN, EWOULDBLOCK, ENOBUFS: .blocked
            case ENOSYS where isBatched: .withoutBatching
            case EMSGSIZE where isSegmented: .withoutSegmentation
            case _ where isSegmented && Self.isAboutSegmentation(error): .withoutSegmentation
            default: attempts < Self.maximumAttempts(error) ? .again : .drop
            }
    }

    /// Whether a kernel or device that cannot segment answers with this error, so that there is no use in trying
    /// again. (EMSGSIZE is about the path to one peer: its datagrams must be fragmented, which trains never are.)
    static func isAboutSegmentation(_ error: Int32) -> Bool {
        switch error {
        case EIO, EINVAL, ENOPROTOOPT, EOPNOTSUPP: true
        default: false
        }
    }

    /// A connected socket reports what an ICMP message said about an *earlier* datagram, once, and the datagram at
    /// hand has not been sent then. EPERM comes from a packet filter, which may let the next one through.
    private static func maximumAttempts(_ error: Int32) -> Int {
        switch error {
        case ECONNREFUSED, EINTR: 8
        case EPERM, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENOPROTOOPT, EMSGSIZE: 2
        default: 1
        }
    }
}
