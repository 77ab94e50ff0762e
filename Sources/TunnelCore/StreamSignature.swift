import PacketPrimitives

/// How streams of well-known applications begin, on either side. Random bytes do so once in a hundred million streams.
enum StreamSignature {
    /// More bytes are not looked at.
    static let byteCount = 8

    private static let texts: [[UInt8]] = [
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "HTTP/1.", "SSH-2.0-",
        "PRI * HT",
    ].map { Array($0.utf8) }

    /// Whether a stream that begins with `piece` is of a known kind. `byteCount` is how much of it came in one go.
    static func matches(_ prefix: ArraySlice<UInt8>, byteCount: Int) -> Bool {
        self.texts.contains { prefix.starts(with: $0) } || self.isTLS(prefix)
            || self.isSOCKS(prefix, byteCount: byteCount)
    }

    /// A TLS record with a hello or an alert (RFC 8446 §5.1): type, version 3.0 … 3.4, length, type of the message.
    private static func isTLS(_ prefix: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(prefix)
        guard bytes.count >= 6, bytes[1] == 3, bytes[2] <= 4 else { return false }
        switch bytes[0] {
        case 0x16: return bytes[5] == 1 || bytes[5] == 2
        case 0x15: return bytes[3] == 0 && bytes[4] == 2 && (1...2).contains(bytes[5])
        default: return false
        }
    }

    /// A SOCKS 5 greeting (RFC 1928 §3) that came alone: version, number of methods, the methods.
    private static func isSOCKS(_ prefix: ArraySlice<UInt8>, byteCount: Int) -> Bool {
        let bytes = Array(prefix)
        guard bytes.count >= 3, bytes[0] == 5, (1...4).contains(bytes[1]), byteCount == Int(bytes[1]) + 2 else {
            return false
        }
        return bytes.dropFirst(2).allSatisfy { $0 <= 2 }
    }
}
