/// A value of a JSON text, as far as a configuration file needs it: lists and nested objects are skipped.
package enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As written.
    case number(String)
    case text(String)
    case list
    case object
}

/// One key and value of an object.
package struct JSONMember: Hashable, Sendable {
    package var key: String
    package var value: JSONValue
}

/// A place where a JSON text is not JSON.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// Both count from 1; the column in bytes.
    package var line: Int
    package var column: Int
    package var expectation: String

    package var description: String { "line \(self.line), column \(self.column): \(self.expectation)" }
}

/// Reads the first value of a JSON text (RFC 8259) as the original does: members in their order, duplicates included,
/// and nothing behind the value is looked at. The system's decoders allow neither.
package struct JSONText {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private static let maximumDepth = 512

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // Windows editors put a byte order mark in front.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { self.position = 3 }
    }

    /// The first value, and its members if it is an object.
    package mutating func readDocument() throws(JSONSyntaxError) -> (value: JSONValue, members: [JSONMember]) {
        self.skipSpace()
        guard self.next == UInt8(ascii: "{") else { return (try self.readValue(), []) }
        return (.object, try self.readMembers())
    }

    private var next: UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    private func error(_ expectation: String) -> JSONSyntaxError {
        let read = self.bytes[..<min(self.position, self.bytes.count)]
        let newline = UInt8(ascii: "\n")
        let lineStart = read.lastIndex(of: newline).map { $0 + 1 } ?? 0
        let ending = self.next == nil ? ", but the file ends here" : ""
        return JSONSyntaxError(
            line: read.count { $0 == newline } + 1, column: read.count - lineStart + 1,
            expectation: expectation + ending)
    }

    private mutating func skipSpace() {
        while let byte = self.next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.position += 1 }
    }

    /// Steps over the byte, and the space behind it, if it comes next.
    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard self.next == UInt8(ascii: byte) else { return false }
        self.position += 1
        self.skipSpace()
        return true
    }

    private mutating func require(_ byte: Unicode.Scalar) throws(JSONSyntaxError) {
        guard self.skip(byte) else { throw self.error("expected \(byte)") }
    }

    private mutating func readMembers() throws(JSONSyntaxError) -> [JSONMember] {
        try self.descend()
        defer { self.depth -= 1 }
        try self.require("{")
        var members: [JSONMember] = []
        if self.skip("}") { return members }
        repeat {
            guard self.next == UInt8(ascii: "\"") else { throw self.error("expected a key in double quotes") }
            let key = try self.readText()
            self.skipSpace()
            try self.require(":")
            members.append(JSONMember(key: key, value: try self.readValue()))
            self.skipSpace()
        } while self.skip(",")
        guard self.skip("}") else { throw self.error("expected , or }") }
        return members
    }

    private mutating func skipList() throws(JSONSyntaxError) {
        try self.descend()
        defer { self.depth -= 1 }
        try self.require("[")
        if self.skip("]") { return }
        repeat {
            _ = try self.readValue()
            self.skipSpace()
        } while self.skip(",")
        guard self.skip("]") else { throw self.error("expected , or ]") }
    }

    private mutating func descend() throws(JSONSyntaxError) {
        self.depth += 1
        if self.depth > Self.maximumDepth { throw self.error("expected no more than \(Self.maximumDepth) levels") }
    }

    private mutating func readValue() throws(JSONSyntaxError) -> JSONValue {
        switch self.next {
        case UInt8(ascii: "{"):
            _ = try self.readMembers()
            return .object
        case UInt8(ascii: "["):
            try self.skipList()
            return .list
        case UInt8(ascii: "\""): return .text(try self.readText())
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return .number(try self.readNumber())
        default: return try self.readWord()
        }
    }

    private mutating func readWord() throws(JSONSyntaxError) -> JSONValue {
        let words: [(StaticString, JSONValue)] = [
            ("null", .null), ("true", .boolean(true)), ("false", .boolean(false)),
        ]
        for (word, value) in words where self.bytes[self.position...].starts(with: "\(word)".utf8) {
            self.position += word.utf8CodeUnitCount
            return value
        }
        throw self.error("expected a value")
    }

    private mutating func readNumber() throws(JSONSyntaxError) -> String {
        let start = self.position
        if self.next == UInt8(ascii: "-") { self.position += 1 }
        if self.next == UInt8(ascii: "0") { self.position += 1 } else { try self.skipDigits() }
        if self.next == UInt8(ascii: ".") {
            self.position += 1
            try self.skipDigits()
        }
        if self.next == UInt8(ascii: "e") || self.next == UInt8(ascii: "E") {
            self.position += 1
            if self.next == UInt8(ascii: "+") || self.next == UInt8(ascii: "-") { self.position += 1 }
            try self.skipDigits()
        }
        return String(decoding: self.bytes[start..<self.position], as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private mutating func skipDigits() throws(JSONSyntaxError) {
        let start = self.position
        while let byte = self.next, Self.isDigit(byte) { self.position += 1 }
        if self.position == start { throw self.error("expected a digit") }
    }
}

// MARK: - Texts

extension JSONText {
    private mutating func readText() throws(JSONSyntaxError) -> String {
        self.position += 1
        var text: [UInt8] = []
        while let byte = self.next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else {
                throw self.error("expected no control character in a text; write \\n or \\u00..")
            }
            self.position += 1
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: Character(try self.readEscape()).utf8)
            } else {
                text.append(byte)
            }
        }
        guard self.next != nil else { throw self.error("expected a closing double quote") }
        self.position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func readEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = self.next else { throw self.error("expected an escape") }
        let plain: [UInt8: Unicode.Scalar] = [
            UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
            UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
        ]
        if let scalar = plain[byte] {
            self.position += 1
            return scalar
        }
        guard byte == UInt8(ascii: "u") else { throw self.error("expected an escape; a backslash itself is \\\\") }
        self.position += 1
        return try self.readUnicodeEscape()
    }

    /// What follows `\u`. Half a surrogate pair becomes U+FFFD.
    private mutating func readUnicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try self.readFourDigits()
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let afterFirst = self.position
        guard self.bytes[self.position...].starts(with: "\\u".utf8) else { return "\u{FFFD}" }
        self.position += 2
        let second = try self.readFourDigits()
        guard UTF16.isTrailSurrogate(second) else {
            self.position = afterFirst
            return "\u{FFFD}"
        }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func readFourDigits() throws(JSONSyntaxError) -> UInt16 {
        var number: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = self.next, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw self.error("expected four hexadecimal digits")
            }
            number = number << 4 | UInt16(digit)
            self.position += 1
        }
        return number
    }
}
