import DatagramIO
import NIOCore
import NIOPosix

/// What a failed system call comes down to, for the operator: the system's own words, without the library's around it.
package enum ErrorText {
    package static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: SystemError.text(of: error.errnoCode)
        case let error as SocketAddressError.UnknownHost: "the name cannot be resolved (\(error.errorDescription))"
        case let error as NIOConnectionError: Self.reason(of: error)
        case ChannelError.connectTimeout: "no answer"
        default: "\(error)"
        }
    }

    /// The last attempt's reason, or why there was no address to try.
    private static func reason(of error: NIOConnectionError) -> String {
        let lookup = error.dnsAError ?? error.dnsAAAAError
        guard let cause = error.connectionErrors.last?.error ?? lookup else { return "\(error)" }
        return Self.reason(of: cause)
    }

    /// The kernel's error number behind `error`, if there is one.
    package static func number(of error: any Error) -> Int32? {
        (error as? IOError)?.errnoCode ?? (error as? SystemError)?.number
    }
}
