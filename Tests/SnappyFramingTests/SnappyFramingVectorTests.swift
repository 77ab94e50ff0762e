import TestSupport
import Testing

@testable import SnappyFraming

/// `snappy.json`: what the original decodes we decode to the same bytes, what it refuses we refuse after the same
/// bytes; what we encode decodes to its input.
@Suite struct SnappyFramingVectorTests {
    struct File: Decodable {
        var encode: [EncodeCase]
        var decode: [DecodeCase]
    }

    struct EncodeCase: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var writes: [Write]
        var underlyingWritesPerWrite: [[Hex]?]
        var testDescription: String { self.name }
    }

    /// Bytes, or a pattern repeated up to a length.
    struct Write: Decodable, Sendable {
        var hex: Hex?
        var `repeat`: Hex?
        var len: Int?

        var bytes: [UInt8] {
            if let hex { return hex.bytes }
            let pattern = self.repeat?.bytes ?? []
            return (0..<(self.len ?? 0)).map { pattern[$0 % pattern.count] }
        }
    }

    struct DecodeCase: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var ok: Bool
        var error: String
        var stream: Hex?
        var streamPrefix: Hex?
        var streamLen: Int?
        var plainBeforeError: Hex?
        var plainLen: Int?
        var testDescription: String { self.name }

        /// The streams that are too long for the file are their prefix, zeros, and for one of them the usual last chunk.
        func bytes() throws -> [UInt8] {
            if let stream { return stream.bytes }
            let (prefix, byteCount) = (try #require(self.streamPrefix).bytes, try #require(self.streamLen))
            let tail = self.name == "skippable chunk of 76494" ? Self.helloChunk : []
            return prefix + [UInt8](repeating: 0, count: byteCount - prefix.count - tail.count) + tail
        }

        private static let helloChunk = [UInt8](hex: "011000000bbec1ea68656c6c6f2c20776f726c64")!

        /// What a reader gets before the end or the error.
        func content() throws -> [UInt8] {
            try self.plainBeforeError?.bytes ?? [UInt8](repeating: 0, count: try #require(self.plainLen))
        }
    }

    static let file: File = try! Vectors.load("snappy.json")

    @Test func `the file has the cases that we know`() {
        #expect(Self.file.encode.count == 12)
        #expect(Self.file.decode.count == 38)
    }

    @Test(arguments: Self.file.decode, [Int.max, 1, 7, 1300])
    func `a stream is accepted or refused as by the original`(vector: DecodeCase, pieceByteCount: Int) throws {
        var decoder = FrameDecoder()
        var content: [UInt8] = []
        _ = decoder.handleBytes(try vector.bytes(), pieceByteCount: pieceByteCount, into: &content)
        let result = decoder.finish()
        #expect(content == (try vector.content()))
        #expect((result == .accepted) == vector.ok)
        guard case .failed(let error) = result else { return }
        switch error {
        case .unknownChunk, .chunkTooLong: #expect(vector.error == "snappy: unsupported input")
        default: #expect(vector.error == "snappy: corrupt input")
        }
    }

    @Test(arguments: Self.file.encode) func `an encoded stream decodes to its input, write by write`(vector: EncodeCase)
    {
        var encoder = FrameEncoder()
        var decoder = FrameDecoder()
        for write in vector.writes {
            var content: [UInt8] = []
            #expect(decoder.handleBytes(encoder.encode(write.bytes), into: &content) == .accepted)
            #expect(content == write.bytes)
        }
        #expect(decoder.finish() == .accepted)
    }

    @Test(arguments: Self.file.encode) func `the original's encoding decodes too`(vector: EncodeCase) {
        var decoder = FrameDecoder()
        for (write, pieces) in zip(vector.writes, vector.underlyingWritesPerWrite) {
            var content: [UInt8] = []
            _ = decoder.handleBytes((pieces ?? []).flatMap(\.bytes), into: &content)
            #expect(content == write.bytes)
        }
        #expect(decoder.finish() == .accepted)
    }

    @Test(arguments: Self.file.encode) func `stored chunks are the original's, byte for byte`(vector: EncodeCase) {
        var encoder = FrameEncoder()
        for (write, pieces) in zip(vector.writes, vector.underlyingWritesPerWrite) {
            let expected = (pieces ?? []).flatMap(\.bytes)
            let encoded = encoder.encode(write.bytes)
            let isCompressed = encoded.count < write.bytes.count
            #expect(isCompressed == (expected.count < write.bytes.count))
            if !isCompressed { #expect(encoded == expected) }
        }
    }
}
