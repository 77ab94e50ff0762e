import PacketPrimitives
import TunnelCore

// What is wrong between the two ends, in words: what happened, the likely cause, what to change.

extension StreamProfile {
    /// How the flags of an end that is set to `other` have to be changed to make it this.
    func flags(insteadOf other: StreamProfile) -> String {
        var changes: [String] = []
        if self.smuxVersion != other.smuxVersion { changes.append("with -smuxver \(self.smuxVersion)") }
        if self.usesCompression != other.usesCompression {
            changes.append(self.usesCompression ? "without -nocomp" : "with -nocomp")
        }
        return changes.joined(separator: " and ")
    }
}

extension SessionFailure {
    /// The settings of the two ends do not fit.
    var isMismatch: Bool {
        switch self {
        case .unknownStream, .profileMismatch, .permutationMismatch, .refusedByServer: true
        case .multiplexer, .compression, .forgottenByServer, .neverAnswered, .closed: false
        }
    }

    /// What happened and what to change, for the operator; `nil` when we closed the session ourselves.
    /// - Parameters:
    ///   - own: how this end is set.
    ///   - hasHeardFrames: the session has worked before.
    func explanation(role: TunnelRole, own: StreamProfile, hasHeardFrames: Bool) -> String? {
        switch self {
        case .multiplexer(let error): "\(error)"
        case .compression(let error): "\(error)"
        case .unknownStream(let byte):
            "the peer's stream begins with \(byte), which is neither smux 1 or 2 nor compression: it is not kcptun"
        case .profileMismatch(let peer):
            role == .server ? Self.clientMismatch(peer, own: own) : Self.serverMismatch(peer, own: own)
        case .permutationMismatch(let peerPermutes): MismatchText.permutation(peerPermutes: peerPermutes)
        case .refusedByServer:
            "the server runs with -strict and has another -smuxver or -nocomp than this client (\(own)): see its log,"
                + " and give both ends the same"
        case .forgottenByServer where hasHeardFrames:
            "the server knows nothing of this session any more; it was probably restarted"
        case .forgottenByServer:
            "the server has given up this session after its first bytes: -smuxver or -nocomp differs from this client's"
                + " (\(own)); give both ends the same"
        case .neverAnswered: "the server has never answered; the next connection tries again"
        case .closed: nil
        }
    }

    private static func clientMismatch(_ client: StreamProfile, own: StreamProfile) -> String {
        "the client uses \(client), this server \(own), and -strict is set: start the client"
            + " \(own.flags(insteadOf: client)), or this server without -strict"
    }

    private static func serverMismatch(_ server: StreamProfile, own: StreamProfile) -> String {
        "the server uses \(server), this client \(own): start this client \(server.flags(insteadOf: own))"
    }
}

/// Texts that belong to no failure.
enum MismatchText {
    static func permutation(peerPermutes: Bool) -> String {
        let difference =
            peerPermutes ? "the other end uses QPP and this one does not" : "this end uses QPP and the other does not"
        return "\(difference): give both the same -QPP, -QPPCount and -key"
    }

    /// The heuristic's finding.
    static func suspectedPermutation(peerPermutes: Bool, peer: PeerAddress) -> String {
        "the data from \(peer) makes sense only if \(Self.permutation(peerPermutes: peerPermutes));"
            + " the applications get garbage"
    }

    /// How a server deviates from its settings for a client's sake; `nil` if it does not.
    static func adaptation(_ client: StreamProfile, usesShards: Bool, configuration: SessionConfiguration) -> String? {
        let own = configuration.profile
        var parts: [String] = []
        if client.smuxVersion != own.smuxVersion { parts.append("smux \(client.smuxVersion)") }
        if client.usesCompression != own.usesCompression {
            parts.append(client.usesCompression ? "compression" : "no compression")
        }
        if usesShards != configuration.usesParity { parts.append(usesShards ? "FEC" : "no FEC") }
        guard !parts.isEmpty else { return nil }
        return "client uses \(parts.joined(separator: ", ")); adapting (use -strict to refuse)"
    }

    /// Nothing valid has come for so many seconds.
    static func silence(
        of server: PeerAddress, over transport: String, sentCount: UInt64, hasAnswered: Bool,
        seconds: Int = AnswerWatch.limitMilliseconds / 1000
    ) -> String {
        let what = "no valid answer from \(server) for \(seconds) s"
        guard !hasAnswered else {
            return "\(what), which answered before: the way there is interrupted, or the server has stopped"
        }
        return "\(what), \(sentCount) datagrams sent; likely causes, in this order: kcptun-server does not run there"
            + " (is -remoteaddr right?), -key or -crypt differs, a firewall or the provider drops \(transport), FEC is on at one"
            + " end only and the server is older than October 2020"
    }

    /// Data is acknowledged, but nothing comes back.
    static func missingFrames(from server: PeerAddress, own: SessionConfiguration) -> String {
        let flag = { (isOn: Bool) in isOn ? "on" : "off" }
        let seconds = AnswerWatch.limitMilliseconds / 1000
        return
            "\(server) acknowledges data but has sent none for \(seconds) s; unless what is behind it is just quiet, one of"
            + " these differs there: -smuxver (here \(own.profile.smuxVersion)), -nocomp (here"
            + " \(flag(!own.profile.usesCompression))), -QPP (here \(flag(own.permutation != nil)))"
    }
}
