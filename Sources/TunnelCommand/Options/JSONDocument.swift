#if canImport(FoundationEssentials)
    private import FoundationEssentials
#else
    private import Foundation
#endif

/// The first value of a JSON text.
package enum JSONDocument {
    /// One key of an object with its value.
    package typealias Member = (key: String, value: JSONValue)

    /// The members in the order of the text, duplicates included.
    case object([Member])
    case other(JSONValue)

    /// Reads a text as the original does: text behind the first value is ignored, and members keep their duplicates. The
    /// system's decoder allows neither, so an object is cut into members here, and the decoder gets one at a time.
    package init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        // Windows editors put a byte order mark in front.
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        if text.first(where: { !Self.isSpace($0) }) == UInt8(ascii: "{") {
            self = .object(try Self.members(text))
        } else if let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text)) {
            self = .other(value)
        } else {
            throw .noValue
        }
    }

    private static func members(_ text: ArraySlice<UInt8>) throws(JSONSyntaxError) -> [Member] {
        guard let pieces = Self.pieces(text) else { throw .unclosedObject }
        if pieces.count == 1, pieces[0].allSatisfy(Self.isSpace) { return [] }
        var members: [Member] = []
        for piece in pieces {
            let object = Data([UInt8(ascii: "{")] + piece + [UInt8(ascii: "}")])
            guard let member = try? JSONDecoder().decode([String: JSONValue].self, from: object).first else {
                throw .invalidMember(line: Self.line(of: piece, in: text))
            }
            members.append(member)
        }
        return members
    }

    /// What stands between the braces and commas of the object that a text begins with; `nil` if it has no end. The
    /// pieces need not be JSON.
    private static func pieces(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        var pieces: [ArraySlice<UInt8>] = []
        var (start, depth, isQuoted, isEscaped) = (text.startIndex, 0, false, false)
        for (index, byte) in zip(text.indices, text) {
            if isQuoted {
                isQuoted = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            let character = Unicode.Scalar(byte)
            isQuoted = character == "\""
            if character == "{" || character == "[" { depth += 1 }
            if character == "}" || character == "]" { depth -= 1 }
            let isEnd = depth == 0 && character == "}"
            if isEnd || depth == 1 && character == "," { pieces.append(text[start..<index]) }
            if isEnd { return pieces }
            if depth == 1, character == "{" || character == "," { start = index + 1 }
        }
        return nil
    }

    /// Where the piece begins, not counting the space in front of it; from 1.
    private static func line(of piece: ArraySlice<UInt8>, in text: ArraySlice<UInt8>) -> Int {
        let start = piece.firstIndex { !Self.isSpace($0) } ?? piece.endIndex
        return text[..<start].count { $0 == UInt8(ascii: "\n") } + 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}

/// Why a text is not JSON. The system's decoder does not tell.
package enum JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    case noValue
    case unclosedObject
    case invalidMember(line: Int)

    package var description: String {
        switch self {
        case .noValue: "expected an object such as {\"mtu\": 1350}"
        case .unclosedObject: "the object has no end: a } or a closing double quote is missing"
        case .invalidMember(let line):
            "line \(line): expected a member such as \"mtu\": 1350, with a comma between it and the next"
        }
    }
}
