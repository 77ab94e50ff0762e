/// Why a program cannot serve, and what to do about it.
enum StartError: Error, CustomStringConvertible {
    case listen(String, String, isUnixSocket: Bool)

    var description: String {
        switch self {
        case .listen(let address, let reason, isUnixSocket: true):
            "cannot listen on \(address): \(reason); if no other program uses the socket, remove the file"
        case .listen(let address, let reason, isUnixSocket: false):
            "cannot listen on \(address): \(reason); choose another address with -l, or stop the program that has it"
        }
    }
}
