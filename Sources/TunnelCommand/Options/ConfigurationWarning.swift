package import Ciphers
import DatagramIO
import PacketPrimitives

/// Something in the options that works, but hardly as intended.
package enum ConfigurationWarning: Hashable, Sendable {
    case negativeRateLimit(Int)
    case mtuClamped(Int)
    case segmentsTooLong(mtu: Int)
    case receiveWindowClamped(Int)
    case keepAliveEqualsTimeout(Int)
    case counterLogWithoutPeriod(Int)
    case publicKey
    case shortKey(characterCount: Int)
    case brokenCipher(CipherSuite)
    case keyTooShortForPermutation(byteCount: Int)
    case fewPads(Int)
    case evenPadCount(Int)
    case scavengeExceedsExpiry
    /// Of a list of servers only the first is one.
    case remoteListIgnored(String)

    /// The original prints these to stdout, in red on a terminal and without a time; all others are lines of the log.
    package var isPrintedPlainly: Bool {
        switch self {
        case .keyTooShortForPermutation, .fewPads, .evenPadCount, .scavengeExceedsExpiry: true
        default: false
        }
    }
}

extension ConfigurationWarning {
    /// The value that is used in place of the one that the warning is about.
    var adjustment: (flag: String, value: Int)? {
        switch self {
        case .negativeRateLimit: ("ratelimit", 0)
        case .mtuClamped: ("mtu", OptionCheck.mtuRange.upperBound)
        case .receiveWindowClamped: ("rcvwnd", OptionCheck.largestReceiveWindow)
        default: nil
        }
    }
}

extension ConfigurationWarning: CustomStringConvertible {
    /// Where the original has a text (protocol 06 §6), the original's.
    package var description: String {
        switch self {
        case .negativeRateLimit(let limit): "ratelimit \(limit) is negative, falling back to 0"
        case .mtuClamped(let mtu): "mtu \(mtu) is too large, falling back to \(OptionCheck.mtuRange.upperBound)"
        case .segmentsTooLong(let mtu): Self.segmentsTooLong(mtu)
        case .receiveWindowClamped(let window):
            "rcvwnd \(window) is too large for the header, falling back to \(OptionCheck.largestReceiveWindow)"
        case .keepAliveEqualsTimeout(let seconds):
            "keepalive \(seconds) is as long as keepalivetimeout, sessions may be closed: use less"
        case .counterLogWithoutPeriod(let seconds): "snmpperiod \(seconds) switches snmplog off: use 1 or more"
        case .publicKey: "the default key is in use, which everybody knows: set --key or KCPTUN_KEY"
        case .shortKey(let count):
            "the key has \(count) characters and could be guessed: use \(OptionCheck.leastKeyCharacterCount) or more"
        case .brokenCipher(let suite):
            "crypt \(suite.name) is not safe (\(suite.weakness ?? "broken")): use aes-128-gcm, or aes, at both ends"
        case .keyTooShortForPermutation(let count):
            "QPP Warning: 'key' has size of \(count) bytes, "
                + "required \(OptionCheck.permutationKeyByteCount) bytes at least"
        case .fewPads(let count):
            "QPP Warning: QPPCount \(count), required \(OptionCheck.leastPadCount) at least"
        case .evenPadCount(let count):
            "QPP Warning: QPPCount \(count), choose a prime number for security"
        case .scavengeExceedsExpiry:
            """
            WARNING: scavengettl is bigger than autoexpire, connections may race hard to use bandwidth.
            Try limiting scavengettl to a smaller value.
            """
        case .remoteListIgnored(let used):
            "of remoteaddr only \(used) is used, as by the original: each server of a list needs its port, host:port,host:port"
        }
    }

    private static func segmentsTooLong(_ mtu: Int) -> String {
        let sizes = [PeerAddress.Family.ipv4, .ipv6].map { FakeTCPSocket.packetByteCount(datagram: mtu, $0) }
        let limit = OptionCheck.usualPacketByteCount
        let most = limit - sizes[1] + mtu
        return "with tcp, mtu \(mtu) makes packets of \(sizes[0]) bytes over IPv4 and \(sizes[1]) over IPv6, and most "
            + "networks carry \(limit): use \(most) or less"
    }
}
