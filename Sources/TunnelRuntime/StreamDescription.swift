import PacketPrimitives
import Smux

/// The two ends of a stream, as the log names them (protocol 06 §6). The text is made when it is wanted.
struct StreamDescription {
    var inbound: StreamEnd
    var outbound: StreamEnd
}

/// One end of a stream.
enum StreamEnd: CustomStringConvertible {
    /// A stream of the session with this peer.
    case stream(PeerAddress, StreamID)
    /// An application's connection.
    case connection(PeerAddress)
    /// A connection through the Unix socket at this path.
    case socket(path: String)
    case target(StreamAddress)
    case nobody

    var description: String {
        switch self {
        case .stream(let peer, let id): "\(peer)(\(id))"
        case .connection(let address): "\(address)"
        case .socket(let path): path
        case .target(let address): "\(address)"
        case .nobody: "-"
        }
    }
}
