import Ciphers
import DatagramIO
import PacketPrimitives
import TunnelCore
import TunnelRuntime

/// Collects what is wrong or doubtful in options, and mends what the original mends in silence.
struct OptionCheck {
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationWarning] = []

    /// Below, the original's KCP ignores the size; above, no packet buffer is large enough (protocol 08 B11).
    static let mtuRange = 50...1500
    /// The header of a segment has 16 bits for it (protocol 08 B10).
    static let largestReceiveWindow = 65535
    /// A dead session holds its connections for so long.
    static let keepAliveTimeouts = 1...86_400
    static let leastKeyCharacterCount = 12
    /// More than that is for ever: 30 years.
    static let longestSeconds = 1_000_000_000
    /// Each has sessions, and so ports, of its own.
    static let connectionCounts = 1...65_535
    /// The largest IP packet that Ethernet carries.
    static let usualPacketByteCount = 1500
    /// What the permutations of 8 bits need (protocol 06 §6).
    static let permutationKeyByteCount = 211
    static let leastPadCount = 7

    mutating func add(_ problem: ConfigurationProblem) { self.problems.append(problem) }

    mutating func add(_ warning: ConfigurationWarning) { self.warnings.append(warning) }

    mutating func require(
        _ flag: String, _ value: Int, in allowed: ClosedRange<Int>, because reason: String = ""
    ) {
        guard !allowed.contains(value) else { return }
        self.add(.outOfRange(flag: flag, value: value, allowed: allowed, reason: reason))
    }

    /// Reads an address; `nil`, and a problem, if that fails.
    mutating func address<Address>(_ flag: String, _ read: () throws(AddressFormatError) -> Address) -> Address? {
        do throws(AddressFormatError) {
            return try read()
        } catch {
            self.add(.address(flag: flag, error))
            return nil
        }
    }

    /// Checks everything that both programs have.
    mutating func check<Options: TunnelOptions>(_ options: inout Options) {
        self.check(options.shared.secrecy)
        self.check(
            &options.shared.link, crypt: options.shared.secrecy.crypt,
            followsClients: Options.role == .server && !options.shared.streams.isStrict)
        self.check(&options.windows)
        self.check(options.shared.streams)
        self.check(options.shared.memory)
        self.check(options.shared.reports)
        options.closing.closeWaitSeconds = min(options.closing.closeWaitSeconds, Self.longestSeconds)
    }

    /// What only clients have.
    mutating func check(_ sessions: inout SessionOptions) {
        if sessions.expirySeconds != 0, sessions.scavengeSeconds > sessions.expirySeconds {
            self.add(.scavengeExceedsExpiry)
        }
        sessions.expirySeconds = min(sessions.expirySeconds, Self.longestSeconds)
        sessions.scavengeSeconds = min(sessions.scavengeSeconds, Self.longestSeconds)
    }

    private mutating func check(_ secrecy: SecrecyOptions) {
        if let suite = CipherSuite(name: secrecy.crypt) {
            if suite.isBroken { self.add(.brokenCipher(suite)) }
        } else {
            self.add(.unknownCipher(secrecy.crypt))
        }
        if secrecy.key == SecrecyOptions.publicKey {
            self.add(.publicKey)
        } else if secrecy.key.count < Self.leastKeyCharacterCount {
            self.add(.shortKey(characterCount: secrecy.key.count))
        }
        if secrecy.usesPermutationPads { self.checkPermutation(secrecy) }
    }

    private mutating func checkPermutation(_ secrecy: SecrecyOptions) {
        let count = secrecy.permutationPadCount
        self.require("QPPCount", count, in: 1...Int.max)
        if count > 0, count % 65536 == 0 { self.add(.padCountCancelsOut(count)) }
        let keyByteCount = secrecy.key.utf8.count
        if keyByteCount < Self.permutationKeyByteCount { self.add(.keyTooShortForPermutation(byteCount: keyByteCount)) }
        if count < Self.leastPadCount { self.add(.fewPads(count)) }
        if count % 2 == 0 { self.add(.evenPadCount(count)) }
    }

    /// - Parameter followsClients: a client decides whether there are shard headers.
    private mutating func check(_ link: inout LinkOptions, crypt: String, followsClients: Bool) {
        if NoDelayParameters(link) == nil { self.add(.unknownMode(link.mode)) }
        if SendingRules(option: link.sendingRules) == nil {
            self.add(.badValue(flag: "cc", value: link.sendingRules, expected: "off, auto or fixed:N with N in Mbit/s"))
        }
        self.checkShards(link)
        self.checkMTU(&link, crypt: crypt, mayUseShards: followsClients || link.dataShards > 0 && link.parityShards > 0)
        if link.rateLimit < 0 {
            self.add(.negativeRateLimit(link.rateLimit))
            link.rateLimit = 0
        }
        self.require("dscp", link.dscp, in: 0...63)
        self.require("sockbuf", link.socketBufferByteCount, in: 1...Int.max)
        if link.disguisesAsTCP { self.checkDisguise(link) }
    }

    private mutating func checkShards(_ link: LinkOptions) {
        self.require("datashard", link.dataShards, in: 0...256)
        self.require("parityshard", link.parityShards, in: 0...256)
        let counts = [link.dataShards, link.parityShards]
        if counts.allSatisfy((1...256).contains), counts.reduce(0, +) > 256 {
            self.add(.tooManyShards(data: link.dataShards, parity: link.parityShards))
        }
    }

    private mutating func checkMTU(_ link: inout LinkOptions, crypt: String, mayUseShards: Bool) {
        if link.mtu > Self.mtuRange.upperBound {
            self.add(.mtuClamped(link.mtu))
            link.mtu = Self.mtuRange.upperBound
        }
        let envelope = CipherSuite(name: crypt)?.envelopeByteCount ?? 0
        let segmentHeaderAndOneByte = 25
        let least = max(envelope + (mayUseShards ? 8 : 0) + segmentHeaderAndOneByte, Self.mtuRange.lowerBound)
        if link.mtu < least { self.add(.mtuTooSmall(link.mtu, least: least, crypt: crypt)) }
    }

    private mutating func checkDisguise(_ link: LinkOptions) {
        if !FakeTCPSocket.isAvailable {
            self.add(.linuxOnly(flag: "tcp", instead: "leave it out at both ends to use UDP"))
        }
        let packet = FakeTCPSocket.packetByteCount(datagram: link.mtu, .ipv6)
        if packet > Self.usualPacketByteCount { self.add(.segmentsTooLong(mtu: link.mtu)) }
    }

    private mutating func check<Defaults>(_ windows: inout WindowOptions<Defaults>) {
        self.require("sndwnd", windows.sendWindow, in: 1...Int.max)
        self.require("rcvwnd", windows.receiveWindow, in: 1...Int.max)
        if windows.receiveWindow > Self.largestReceiveWindow {
            self.add(.receiveWindowClamped(windows.receiveWindow))
            windows.receiveWindow = Self.largestReceiveWindow
        }
    }

    private mutating func check(_ streams: StreamOptions) {
        let largestBuffer = Int(Int32.max)
        self.require("smuxver", streams.smuxVersion, in: 1...2)
        self.require("framesize", streams.frameByteCount, in: 1...65535)
        self.require("smuxbuf", streams.sessionBufferByteCount, in: 1...largestBuffer)
        self.require("streambuf", streams.streamBufferByteCount, in: 1...largestBuffer)
        if streams.streamBufferByteCount > max(streams.sessionBufferByteCount, 0) {
            self.add(
                .streamBufferTooLarge(
                    streams.streamBufferByteCount, sessionBuffer: streams.sessionBufferByteCount))
        }
        let timeout = streams.keepAliveTimeoutSeconds
        self.require("keepalivetimeout", timeout, in: Self.keepAliveTimeouts)
        self.require(
            "keepalive", streams.keepAliveSeconds, in: 1...max(timeout, 1),
            because: "it must not be above --keepalivetimeout")
        if streams.keepAliveSeconds == timeout { self.add(.keepAliveEqualsTimeout(timeout)) }
    }

    private mutating func check(_ memory: MemoryOptions) {
        guard !memory.isValid else { return }
        self.add(
            .badValue(
                flag: "memlimit", value: memory.limit,
                expected: "auto, or \(MemoryOptions.leastByteCount >> 20)M or more, such as 64M"))
    }

    private mutating func requireOneOf(_ flag: String, _ value: String, _ allowed: [String]) {
        if !allowed.contains(value) { self.add(.notOneOf(flag: flag, value: value, allowed: allowed)) }
    }

    private mutating func check(_ reports: ReportOptions) {
        self.requireOneOf("log-level", reports.logLevel, LogLevel.nameList)
        self.requireOneOf("log-format", reports.logFormat, LogFormat.nameList)
        if !reports.counterLogPath.isEmpty, reports.counterLogSeconds <= 0 {
            self.add(.counterLogWithoutPeriod(reports.counterLogSeconds))
        }
        if !reports.metricsAddress.isEmpty, reports.statusAddress == nil {
            self.add(.metricsAddress(reports.metricsAddress))
        }
    }
}
