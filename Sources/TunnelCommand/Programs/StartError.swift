import TunnelRuntime

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Why a program cannot serve, and what to do about it.
struct StartError: Error, CustomStringConvertible {
    private let address: String
    private let reason: String
    private let advice: String

    /// - Parameters:
    ///   - address: as the operator wrote it.
    ///   - flag: the one that set it.
    init(listeningOn address: String, _ error: any Error, isUnixSocket: Bool = false, flag: String = "-l") {
        self.address = address
        self.reason = ErrorText.reason(of: error)
        self.advice = Self.advice(ErrorText.number(of: error), isUnixSocket: isUnixSocket, flag: flag)
    }

    var description: String { "cannot listen on \(self.address): \(self.reason); \(self.advice)" }

    private static func advice(_ number: Int32?, isUnixSocket: Bool, flag: String) -> String {
        switch number {
        case EADDRINUSE where isUnixSocket: "if no other program uses the socket, remove the file"
        case EADDRINUSE: "choose another port with \(flag), or stop the program that has it"
        case ENOENT: "create the folder first, or choose another path with \(flag)"
        case EADDRNOTAVAIL: "choose an address of this machine with \(flag), or none for all (\(flag) :PORT)"
        case EACCES, EPERM: "choose another address with \(flag), or run with the rights that this one needs"
        default: "choose another address with \(flag)"
        }
    }
}
