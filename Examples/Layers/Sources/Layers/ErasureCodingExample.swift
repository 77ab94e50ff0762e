import ErasureCoding

/// Ten pieces of a message get three more; any three may be lost.
enum ErasureCodingExample {
    static func run() throws -> Bool {
        let pieces = (0..<10).map { piece in (0..<100).map { UInt8(truncatingIfNeeded: piece * 31 + $0) } }
        var code = try ReedSolomonCode(dataShards: 10, parityShards: 3)
        var shards: [[UInt8]?] = pieces + code.parity(of: pieces)
        for lost in [0, 4, 11] { shards[lost] = nil }
        let isRecovered = code.data(from: shards) == pieces
        print("erasure coding: 3 of 13 shards lost, the message is \(isRecovered ? "complete" : "DAMAGED")")
        return isRecovered
    }
}
