package import Foundation

/// The test vectors and recorded sessions, `Tests/Vectors`.
package enum Vectors {
    package static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Vectors")

    /// Reads and decodes one vector file, for example `crypt.json` or `sessions/aes-default.json`. Keys are snake case.
    package static func load<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: self.folder.appending(path: name)))
    }

    /// The names of all files in a folder of the vectors, sorted.
    package static func names(in subfolder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self.folder.appending(path: subfolder).path())
            .filter { $0.hasSuffix(".json") }.sorted()
    }
}

/// A byte string that a vector file holds as lower-case hexadecimal digits.
package struct Hex: Decodable, Hashable, Sendable, CustomStringConvertible {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = [UInt8](hex: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not hexadecimal")
        }
        self.bytes = bytes
    }

    package var description: String { self.bytes.hex }
}

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for; `nil` if the text is anything else.
    package init?(hex text: String) {
        let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0]! << 4 | digits[$0 + 1]!) }
    }

    package var hex: String { self.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
}
