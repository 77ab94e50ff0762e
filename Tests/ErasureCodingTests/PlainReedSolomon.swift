/// The code of protocol 02 §6 as its text reads, byte by byte: what the fast one is compared with.
enum PlainReedSolomon {
    static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for bit in 0..<8 where right >> bit & 1 == 1 { product ^= Int(left) << bit }
        for bit in stride(from: 14, through: 8, by: -1) where product >> bit & 1 == 1 { product ^= 0x11D << (bit - 8) }
        return UInt8(product)
    }

    static func inverse(_ element: UInt8) -> UInt8 { (0..<254).reduce(1) { power, _ in multiply(power, element) } }

    /// V · (top of V)⁻¹ by Gauss–Jordan elimination.
    static func codingMatrix(dataShards: Int, parityShards: Int) -> [[UInt8]] {
        let vandermonde = (0..<dataShards + parityShards).map { row in
            (0..<dataShards).reduce(into: [UInt8]()) { powers, _ in
                powers.append(powers.last.map { multiply($0, UInt8(row)) } ?? 1)
            }
        }
        let inverse = inverted(Array(vandermonde[..<dataShards]))
        return vandermonde.map { row in combine(row, of: inverse) }
    }

    static func combine(_ coefficients: [UInt8], of rows: [[UInt8]]) -> [UInt8] {
        zip(coefficients, rows).reduce(into: [UInt8](repeating: 0, count: rows[0].count)) { sum, term in
            for index in sum.indices { sum[index] ^= multiply(term.0, term.1[index]) }
        }
    }

    static func inverted(_ matrix: [[UInt8]]) -> [[UInt8]] {
        let size = matrix.count
        var work = matrix.enumerated().map { index, row in row + (0..<size).map { $0 == index ? 1 : 0 } }
        for column in 0..<size {
            let pivot = (column..<size).first { work[$0][column] != 0 }!
            work.swapAt(pivot, column)
            let scale = inverse(work[column][column])
            work[column] = work[column].map { multiply($0, scale) }
            for row in 0..<size where row != column && work[row][column] != 0 {
                let factor = work[row][column]
                work[row] = zip(work[row], work[column]).map { $0 ^ multiply(factor, $1) }
            }
        }
        return work.map { Array($0[size...]) }
    }
}
