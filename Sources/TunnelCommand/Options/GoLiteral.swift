/// Numbers, booleans and quoted text as Go's `strconv` reads and writes them.
package enum GoLiteral {
    /// Why a text is not a number, in Go's words.
    package enum IntegerError: String, Error {
        case syntax = "parse error"
        case range = "value out of range"
    }

    /// The spellings that are a boolean.
    package static func boolean(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }

    /// A whole number with an optional sign, base prefix (`0x`, `0o`, `0b`, or a plain `0` for octal) and
    /// underscores between digits.
    package static func integer(_ text: String) throws(IntegerError) -> Int {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits.removeFirst() }
        let radix = Self.removeBasePrefix(from: &digits)
        guard Self.isWellFormed(digits, radix: radix) else { throw .syntax }
        guard let number = Int((isNegative ? "-" : "") + digits.filter { $0 != "_" }, radix: radix) else {
            throw .range
        }
        return number
    }

    /// The base of the number. What is left begins with `_` or a digit; a base prefix may be followed by `_`.
    private static func removeBasePrefix(from digits: inout Substring) -> Int {
        guard digits.utf8.first == UInt8(ascii: "0"), digits.utf8.count > 1 else { return 10 }
        let radix: Int? =
            switch digits.dropFirst().first {
            case "x", "X": 16
            case "o", "O": 8
            case "b", "B": 2
            default: nil
            }
        guard let radix else { return 8 }
        digits.removeFirst(2)
        if digits.first == "_" { digits.removeFirst() }
        return radix
    }

    private static func isWellFormed(_ digits: Substring, radix: Int) -> Bool {
        let groups = digits.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        return groups.allSatisfy { group in
            !group.isEmpty && group.allSatisfy { Self.digit($0).map { $0 < radix } ?? false }
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte < 0x80 ? Character(UnicodeScalar(byte)).hexDigitValue : nil
    }

    /// The text between double quotes, with what could be mistaken escaped (`%q`).
    package static func quoted(_ text: String) -> String {
        QuotedText.quoted(text) { $0.value < 0x20 || $0.value == 0x7F ? "\\x" + QuotedText.hexadecimal($0) : nil }
    }
}
