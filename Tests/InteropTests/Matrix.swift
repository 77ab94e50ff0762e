import Foundation
import Testing

/// Data and parity shards per group at each end.
struct ErrorCorrection: Sendable, Hashable, CustomStringConvertible {
    var client: (data: Int, parity: Int) { (self.numbers[0], self.numbers[1]) }
    var server: (data: Int, parity: Int) { (self.numbers[2], self.numbers[3]) }
    private let numbers: [Int]

    init(_ client: (Int, Int), _ server: (Int, Int)) {
        self.numbers = [client.0, client.1, server.0, server.1]
    }

    static let all = [
        ErrorCorrection((10, 3), (10, 3)), ErrorCorrection((0, 0), (0, 0)), ErrorCorrection((5, 5), (5, 5)),
        ErrorCorrection((10, 3), (5, 5)), ErrorCorrection((0, 0), (10, 3)),
    ]

    var description: String {
        let client = "\(self.client.data)/\(self.client.parity)"
        let server = "\(self.server.data)/\(self.server.parity)"
        return client == server ? client : "\(client) : \(server)"
    }
}

/// One row of the interoperability matrix: who stands where, and with which options.
struct MatrixCase: Sendable, Hashable, CustomTestStringConvertible {
    var pair: Pair
    var cipher: String
    var smuxVersion: Int
    var compresses: Bool
    var errorCorrection: ErrorCorrection

    /// The ciphers of Debian's build (2021).
    static let ciphers = [
        "aes", "aes-128", "aes-192", "salsa20", "blowfish", "twofish", "cast5", "3des", "tea", "xtea", "xor", "sm4",
        "none",
    ]

    /// Everything with everything.
    static let all: [MatrixCase] = [Pair.oursToDebian, .debianToOurs].flatMap { pair in
        Self.ciphers.flatMap { cipher in
            [1, 2].flatMap { smuxVersion in
                [true, false].flatMap { compresses in
                    ErrorCorrection.all.map {
                        MatrixCase(
                            pair: pair, cipher: cipher, smuxVersion: smuxVersion, compresses: compresses,
                            errorCorrection: $0)
                    }
                }
            }
        }
    }

    /// A small part of `all` in which every two values of two different options meet at least once.
    static let spread: [MatrixCase] = {
        var uncovered = Set(Self.all.flatMap(\.valuePairs))
        var chosen: [MatrixCase] = []
        while !uncovered.isEmpty {
            let best = Self.all.max { left, right in
                uncovered.intersection(left.valuePairs).count < uncovered.intersection(right.valuePairs).count
            }
            guard let best else { break }
            uncovered.subtract(best.valuePairs)
            chosen.append(best)
        }
        return chosen
    }()

    /// Every two option values that this case brings together.
    private var valuePairs: [String] {
        let values = [
            "\(self.pair)", self.cipher, "v\(self.smuxVersion)", "c\(self.compresses)", "\(self.errorCorrection)",
        ]
        return values.indices.flatMap { first in
            values.indices.dropFirst(first + 1).map { "\(first):\(values[first]) \($0):\(values[$0])" }
        }
    }

    var flags: Tunnel.Flags {
        var flags = Tunnel.Flags()
        flags.both = [
            "-crypt", self.cipher, "-smuxver", "\(self.smuxVersion)", "-key", "interoperability \(self.cipher)",
        ]
        if !self.compresses { flags.both.append("-nocomp") }
        let (client, server) = (self.errorCorrection.client, self.errorCorrection.server)
        flags.client = ["-ds", "\(client.data)", "-ps", "\(client.parity)"]
        flags.server = ["-ds", "\(server.data)", "-ps", "\(server.parity)"]
        return flags
    }

    var testDescription: String {
        "\(self.pair), \(self.cipher), smux \(self.smuxVersion), \(self.compresses ? "snappy" : "plain"), FEC \(self.errorCorrection)"
    }
}
