/// The coefficients of one (data, parity) code: the matrix V · (top of V)⁻¹ of protocol 02 §6, where V is the
/// Vandermonde matrix with rows 0, 1, 2, …
///
/// No matrix is inverted for it. The bytes at one offset of the D data shards are the values of one polynomial of
/// degree below D at the points 0 ..< D, and the shard at position r is its value at the point r: that is what V ·
/// (top of V)⁻¹ says. So every coefficient, of parity as well as of a reconstruction from any D points, is one
/// factor of Lagrange's interpolation, a quotient of products of differences, and never a division by zero.
public struct CodingMatrix: Sendable {
    /// D, the shards that hold data.
    public let dataShards: Int
    /// P, the shards that are made of them.
    public let parityShards: Int
    /// For every position x the logarithm of ∏ (x − j) over all data positions j ≠ x.
    private let products: [Int]

    /// Both counts must be positive and their sum at most 256, the size of the field.
    public init(dataShards: Int, parityShards: Int) throws(ShardCountError) {
        try ShardCountError.check(dataShards: dataShards, parityShards: parityShards)
        self.dataShards = dataShards
        self.parityShards = parityShards
        self.products = (0..<dataShards + parityShards).map { position in
            (0..<dataShards).reduce(0) { $0 + Self.difference(position, $1) }
        }
    }

    /// Row `index` of the parity part: what each data shard is multiplied by to give that parity shard.
    public func parityRow(_ index: Int) -> [UInt8] {
        let points = (0..<self.dataShards).map { UInt8($0) }
        return self.coefficients(of: [UInt8(self.dataShards + index)], from: points)
    }

    /// What the shards at `points` are multiplied by to give the shards at `targets`: one row per target, one
    /// column per point. `points` are D different positions; every data position is among the points or the targets.
    public func coefficients(of targets: [UInt8], from points: [UInt8]) -> [UInt8] {
        precondition(points.count == self.dataShards, "as many points as data shards")
        let pointProducts = points.map { self.product(at: $0, targets: targets, points: points) }
        var rows: [UInt8] = []
        rows.reserveCapacity(targets.count * points.count)
        for target in targets {
            let targetProduct = self.product(at: target, targets: targets, points: points)
            for (point, pointProduct) in zip(points, pointProducts) {
                let difference = Self.difference(Int(target), Int(point))
                rows.append(GaloisField.power(targetProduct - pointProduct - difference))
            }
        }
        return rows
    }

    /// The logarithm of ∏ (x − u) over all points u ≠ x: the product over the data positions, without those that are
    /// no points because they are to be reconstructed, and with the parity positions that stand in for them.
    private func product(at position: UInt8, targets: [UInt8], points: [UInt8]) -> Int {
        var product = self.products[Int(position)]
        for target in targets where target < self.dataShards {
            product -= Self.difference(Int(position), Int(target))
        }
        for point in points where point >= self.dataShards {
            product += Self.difference(Int(position), Int(point))
        }
        return product
    }

    /// The logarithm of the difference, which is XOR; 0, that of a factor 1, for equal positions.
    private static func difference(_ left: Int, _ right: Int) -> Int {
        left == right ? 0 : GaloisField.logarithm(UInt8(left ^ right))
    }
}

/// Why a pair of shard counts cannot be used.
public enum ShardCountError: Error, Equatable {
    /// A count is zero or negative: that switches error correction off, it is no code.
    case notPositive(dataShards: Int, parityShards: Int)
    /// The field has 256 points, so a group cannot have more shards (protocol 02 §4).
    case tooMany(dataShards: Int, parityShards: Int)

    static func check(dataShards: Int, parityShards: Int) throws(ShardCountError) {
        guard dataShards > 0, parityShards > 0 else {
            throw .notPositive(dataShards: dataShards, parityShards: parityShards)
        }
        guard dataShards <= 256, parityShards <= 256, dataShards + parityShards <= 256 else {
            throw .tooMany(dataShards: dataShards, parityShards: parityShards)
        }
    }
}

extension ShardCountError: CustomStringConvertible {
    /// What is wrong and what to change.
    public var description: String {
        switch self {
        case .notPositive(let dataShards, let parityShards):
            "datashard \(dataShards) and parityshard \(parityShards) must both be greater than 0; "
                + "set both to 0 to switch forward error correction off"
        case .tooMany(let dataShards, let parityShards):
            "datashard \(dataShards) and parityshard \(parityShards) are too many: "
                + "together they must not exceed 256, lower one of them"
        }
    }
}
