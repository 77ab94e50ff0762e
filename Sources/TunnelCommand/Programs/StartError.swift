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

    /// - Parameter address: as the operator wrote it.
    init(listeningOn address: String, _ error: any Error, isUnixSocket: Bool = false) {
        self.address = address
        self.reason = ErrorText.reason(of: error)
        self.advice = Self.advice(ErrorText.number(of: error), isUnixSocket: isUnixSocket)
    }

    var description: String { "cannot listen on \(self.address): \(self.reason); \(self.advice)" }

    private static func advice(_ number: Int32?, isUnixSocket: Bool) -> String {
        switch number {
        case EADDRINUSE where isUnixSocket: "if no other program uses the socket, remove the file"
        case EADDRINUSE: "choose another port with -l, or stop the program that has it"
        case ENOENT: "create the folder first, or choose another path with -l"
        case EADDRNOTAVAIL: "choose an address of this machine with -l, or none for all (-l :PORT)"
        case EACCES, EPERM: "choose another address with -l, or run with the rights that this one needs"
        default: "choose another address with -l"
        }
    }
}
