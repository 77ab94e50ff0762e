/// An amount of memory as an operator writes it: bytes, or with a suffix K, M, G (1024 each), such as `64M`.
struct ByteSize: Hashable, Sendable {
    let byteCount: Int

    /// `nil` if that is no amount, or too large a one.
    init?(_ text: String) {
        var digits = text[...]
        var factor = 1
        if let last = digits.last, let shift = Self.shift(of: last) {
            digits.removeLast()
            factor = 1 << shift
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let number = Int(digits)
        else { return nil }
        let (byteCount, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        self.byteCount = byteCount
    }

    private static func shift(of suffix: Character) -> Int? {
        switch suffix {
        case "K", "k": 10
        case "M", "m": 20
        case "G", "g": 30
        default: nil
        }
    }
}
