import ErasureCoding
import PacketPrimitives
import TestSupport
import Testing

@Suite struct ErasureCodingVectorTests {
    struct Codes: Decodable {
        var codes: [Code]

        struct Code: Decodable, Sendable, CustomTestStringConvertible {
            var dataShards: Int
            var parityShards: Int
            var parityMatrixRows: [Hex]
            var cases: [Case]
            var testDescription: String { "\(self.dataShards)+\(self.parityShards)" }
        }

        struct Case: Decodable, Sendable {
            var shardSize: Int
            var data: [Hex]
            var parity: [Hex]
            var reconstructLostSets: [LostSet]
        }

        struct LostSet: Decodable, Sendable { var lost: [Int] }
    }

    static let codes: [Codes.Code] = {
        do { return try Vectors.load("reed_solomon.json", as: Codes.self).codes } catch { fatalError("\(error)") }
    }()

    @Test(arguments: codes) func `the parity matrix is the original's`(_ code: Codes.Code) throws {
        let matrix = try CodingMatrix(dataShards: code.dataShards, parityShards: code.parityShards)
        #expect((0..<code.parityShards).map { matrix.parityRow($0) } == code.parityMatrixRows.map(\.bytes))
    }

    @Test(arguments: codes) func `parity shards are the original's`(_ code: Codes.Code) throws {
        for example in code.cases {
            let parity = try computeParity(of: example.data.map(\.bytes), parityShards: code.parityShards)
            #expect(parity == example.parity.map(\.bytes), "shard size \(example.shardSize)")
        }
    }

    @Test(arguments: codes) func `every lost set is rebuilt`(_ code: Codes.Code) throws {
        for example in code.cases {
            let shards = (example.data + example.parity).map(\.bytes)
            for lost in example.reconstructLostSets.map({ Set($0.lost) }) {
                let remaining = shards.enumerated().map { lost.contains($0) ? nil : $1 }
                let data = try reconstruct(remaining, parityShards: code.parityShards)
                #expect(data == example.data.map(\.bytes), "shard size \(example.shardSize), lost \(lost.sorted())")
            }
        }
    }

    struct Encodings: Decodable {
        var cases: [Case]
        var oobExample: OutOfBand

        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            var name: String
            var dataShards: Int
            var parityShards: Int
            var firstSeqid: UInt32
            var events: [Event]
            var testDescription: String { self.name }
        }

        struct Event: Decodable, Sendable {
            var t: UInt64
            var packet: Hex
            var out: [Hex]
        }

        struct OutOfBand: Decodable { var packet: Hex }
    }

    static let encodings: Encodings = {
        do { return try Vectors.load("fec_encoder.json") } catch { fatalError("\(error)") }
    }()

    @Test(arguments: encodings.cases) func `the encoder sends the original's packets`(_ example: Encodings.Case) throws
    {
        var encoder = try ParityEncoder(
            dataShards: example.dataShards, parityShards: example.parityShards,
            firstSequenceNumber: example.firstSeqid)
        for event in example.events {
            let out = protect([event.packet.bytes], with: &encoder, now: Instant(milliseconds: event.t))
            #expect(out == event.out.map(\.bytes), "at \(event.t) ms")
        }
    }

    @Test func `the original's out-of-band packet is recognised`() {
        let packet = Self.encodings.oobExample.packet.bytes
        #expect(packet.shardKind == .outOfBand)
        #expect(packet.shardHeader?.sequenceNumber == UInt32.max)
    }

    struct Decodings: Decodable {
        var cases: [Case]

        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            var name: String
            var decoderDataShards: Int
            var decoderParityShards: Int
            var events: [Event]
            var testDescription: String { self.name }
        }

        struct Event: Decodable, Sendable {
            var input: Hex
            var recovered: [Hex]?
            var decoderShards: [Int]

            enum CodingKeys: String, CodingKey {
                case input = "in"
                case recovered, decoderShards
            }
        }
    }

    static let decodings: [Decodings.Case] = {
        do { return try Vectors.load("fec_decoder.json", as: Decodings.self).cases } catch { fatalError("\(error)") }
    }()

    @Test(arguments: decodings)
    func `the model of the original's decoder does what the original does`(_ example: Decodings.Case) {
        var decoder = OriginalDecoder(
            dataShards: example.decoderDataShards, parityShards: example.decoderParityShards)
        for (index, event) in example.events.enumerated() {
            let rebuilt = decoder.handle(event.input.bytes)
            #expect(rebuilt == (event.recovered ?? []).map(\.bytes), "event \(index)")
            #expect([decoder.dataShards, decoder.parityShards] == event.decoderShards, "event \(index)")
        }
    }

    @Test(arguments: decodings)
    func `the decoder rebuilds what the original rebuilds, and tunes itself when it does`(
        _ example: Decodings.Case
    ) throws {
        var decoder = try ParityDecoder(
            dataShards: example.decoderDataShards, parityShards: example.decoderParityShards)
        for (index, event) in example.events.enumerated() {
            let recovered = decode([event.input.bytes], with: &decoder)
            #expect(recovered == (event.recovered ?? []).map(\.bytes), "event \(index)")
            #expect([decoder.ratio.dataShards, decoder.ratio.parityShards] == event.decoderShards, "event \(index)")
        }
    }
}
