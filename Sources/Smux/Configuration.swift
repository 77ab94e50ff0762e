/// The parameters of a session. A value of this type is valid: the limits of protocol 04 §9 are checked when it is made.
public struct Configuration: Equatable, Sendable {
    /// smux protocol version, 1 or 2. Both ends must use the same.
    public private(set) var version: UInt8
    /// The longest payload of a frame that we send, bytes.
    public let maximumFrameByteCount: Int
    /// How many received bytes the streams of the session may hold in sum before the session stops reading.
    public let receiveBufferByteCount: Int
    /// The window that we grant each stream of version 2, bytes.
    public let streamBufferByteCount: Int
    /// A sign of life is sent this often, whatever the traffic.
    public let keepAliveIntervalSeconds: Int
    /// A session that has received nothing for one and a half times as long is dead.
    public let keepAliveTimeoutSeconds: Int
    /// How many streams may be open before those that the peer opens are refused.
    public let maximumStreamCount: Int

    /// The defaults are those of the original's command line (protocol 06).
    public init(
        version: Int = 2, maximumFrameByteCount: Int = 8192, receiveBufferByteCount: Int = 4_194_304,
        streamBufferByteCount: Int = 2_097_152, keepAliveIntervalSeconds: Int = 10,
        keepAliveTimeoutSeconds: Int = 30, maximumStreamCount: Int = 65536
    ) throws(ConfigurationError) {
        guard version == 1 || version == 2 else { throw .version(version) }
        guard (1...Frame.maximumPayloadByteCount).contains(maximumFrameByteCount) else {
            throw .frameSize(maximumFrameByteCount)
        }
        guard (1...Int(Int32.max)).contains(receiveBufferByteCount) else {
            throw .receiveBuffer(receiveBufferByteCount)
        }
        guard (1...receiveBufferByteCount).contains(streamBufferByteCount) else {
            throw .streamBuffer(streamBufferByteCount, limit: receiveBufferByteCount)
        }
        guard keepAliveTimeoutSeconds > 0, (1...keepAliveTimeoutSeconds).contains(keepAliveIntervalSeconds) else {
            throw .keepAlive(interval: keepAliveIntervalSeconds, timeout: keepAliveTimeoutSeconds)
        }
        guard maximumStreamCount > 0 else { throw .streamCount(maximumStreamCount) }
        self.version = UInt8(version)
        self.maximumFrameByteCount = maximumFrameByteCount
        self.receiveBufferByteCount = receiveBufferByteCount
        self.streamBufferByteCount = streamBufferByteCount
        self.keepAliveIntervalSeconds = keepAliveIntervalSeconds
        self.keepAliveTimeoutSeconds = keepAliveTimeoutSeconds
        self.maximumStreamCount = maximumStreamCount
    }

    /// The same with another version, 1 or 2.
    package func using(version: UInt8) -> Configuration {
        precondition(version == 1 || version == 2, "no such version of smux")
        var other = self
        other.version = version
        return other
    }
}

/// Which parameter is out of its limits; the text tells the operator what to change.
public enum ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither 1 nor 2.
    case version(Int)
    /// The longest payload of a frame, bytes.
    case frameSize(Int)
    /// The receive buffer of the session, bytes.
    case receiveBuffer(Int)
    /// The window of a stream, bytes; it must fit into the session's buffer.
    case streamBuffer(Int, limit: Int)
    /// Seconds between signs of life; not more than the timeout.
    case keepAlive(interval: Int, timeout: Int)
    /// The limit of open streams.
    case streamCount(Int)

    /// What is wrong, for the operator.
    public var description: String {
        switch self {
        case .version(let value): "smuxver must be 1 or 2 and the same on both ends, not \(value)"
        case .frameSize(let value): "framesize must be from 1 to \(Frame.maximumPayloadByteCount) bytes, not \(value)"
        case .receiveBuffer(let value): "smuxbuf must be from 1 to \(Int32.max) bytes, not \(value)"
        case .streamBuffer(let value, let limit):
            "streambuf must be from 1 to \(limit) bytes, the value of smuxbuf, not \(value)"
        case .keepAlive(let interval, let timeout):
            "keepalive must be from 1 to \(timeout) seconds, the keep-alive timeout, not \(interval)"
        case .streamCount(let value): "the limit of open streams must be at least 1, not \(value)"
        }
    }
}
