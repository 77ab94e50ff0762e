/// What both ends must share about the byte stream of a session, and its first bytes show (protocol 00).
package struct StreamProfile: Hashable, Sendable {
    /// 1 or 2 (protocol 04 §1).
    package var smuxVersion: UInt8
    /// Snappy framing below smux (protocol 05 §1).
    package var usesCompression: Bool

    package init(smuxVersion: UInt8, usesCompression: Bool) {
        self.smuxVersion = smuxVersion
        self.usesCompression = usesCompression
    }
}

extension StreamProfile: CustomStringConvertible {
    package var description: String { "smux \(self.smuxVersion) and \(self.usesCompression ? "" : "no ")compression" }
}

/// Reads the peer's profile off the beginning of its stream.
///
/// Two bytes tell all of it: the stream begins with the FF of snappy's identifier or with a frame, and a frame begins with
/// its version. The rest of the identifier and of the header is checked by those who read them, and nothing can have been
/// sent by then, so a beginning that only looks right ends the session before it has answered.
package struct StreamProfileDetector: Sendable {
    /// The first byte of snappy's identifier chunk.
    private static let identifierByte: UInt8 = 0xFF

    /// Whether the stream is compressed; `nil` before its first byte.
    package private(set) var usesCompression: Bool?
    /// The profile; `nil` before the first byte of the first frame.
    package private(set) var profile: StreamProfile?

    package init() {}

    /// The stream begins with `byte`. False: that is neither of the two.
    package mutating func noteStreamStart(_ byte: UInt8) -> Bool {
        guard byte == Self.identifierByte || Self.isVersion(byte) else { return false }
        self.usesCompression = byte == Self.identifierByte
        return true
    }

    /// The first frame begins with `byte`. False: that is no version.
    package mutating func noteFrameStart(_ byte: UInt8) -> Bool {
        guard let usesCompression, Self.isVersion(byte) else { return false }
        self.profile = StreamProfile(smuxVersion: byte, usesCompression: usesCompression)
        return true
    }

    private static func isVersion(_ byte: UInt8) -> Bool { byte == 1 || byte == 2 }
}
