/// The keys that mean something, as terminals send them.
enum TerminalKeys {
    private static let page = 20

    /// What the bytes of one read stand for.
    static func events(_ bytes: [UInt8]) -> [TerminalEvent] {
        var rest = bytes[...]
        var events: [TerminalEvent] = []
        while let byte = rest.first {
            if byte == 0x1B, let (event, byteCount) = Self.sequence(rest) {
                if let event { events.append(event) }
                rest = rest.dropFirst(byteCount)
                continue
            }
            rest = rest.dropFirst()
            switch byte {
            case UInt8(ascii: "q"), UInt8(ascii: "Q"), 3: events.append(.quit)
            case UInt8(ascii: "k"): events.append(.move(-1))
            case UInt8(ascii: "j"): events.append(.move(1))
            case UInt8(ascii: " "): events.append(.move(Self.page))
            default: break
            }
        }
        return events
    }

    /// An escape sequence: `ESC [` or `ESC O`, parameters, and a final byte.
    private static func sequence(_ bytes: ArraySlice<UInt8>) -> (event: TerminalEvent?, byteCount: Int)? {
        guard bytes.count >= 3, [UInt8(ascii: "["), UInt8(ascii: "O")].contains(bytes[bytes.startIndex + 1]) else {
            return nil
        }
        guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
        let body = String(decoding: bytes[(bytes.startIndex + 2)...end], as: UTF8.self)
        let event: TerminalEvent? =
            switch body {
            case "A": .move(-1)
            case "B": .move(1)
            case "5~": .move(-Self.page)
            case "6~": .move(Self.page)
            default: nil
            }
        return (event, bytes.distance(from: bytes.startIndex, to: end) + 1)
    }
}
