/// A host and a port as one text, as Go's `net` package reads and writes it.
enum HostPort {
    /// The text; a host with a colon in it, which is an IPv6 address, gets brackets.
    static func text(host: String, port: Int) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Cuts a text as `net.SplitHostPort` does; `nil` where that fails.
    static func split(_ text: String) -> (host: String, port: String)? {
        let bytes = text.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let front = String(text[..<colon])
        let port = text[bytes.index(after: colon)...]
        let host = Self.withoutBrackets(front)
        let brackets = [UInt8(ascii: "["), UInt8(ascii: "]")]
        guard !host.utf8.contains(where: brackets.contains), !port.utf8.contains(where: brackets.contains),
            host != front || !host.utf8.contains(UInt8(ascii: ":"))
        else { return nil }
        return (host, String(port))
    }

    /// The host without the brackets of an IPv6 address. By bytes, as a bracket may have an accent on it.
    static func withoutBrackets(_ host: String) -> String {
        let bytes = host.utf8
        guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else { return host }
        return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }
}
