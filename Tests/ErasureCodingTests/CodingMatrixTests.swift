import ErasureCoding
import Testing

@Suite struct CodingMatrixTests {
    @Test(arguments: [Ratio(1, 1), Ratio(3, 2), Ratio(10, 3), Ratio(5, 20), Ratio(40, 7)])
    func `the matrix is Vandermonde times the inverse of its top`(_ ratio: Ratio) throws {
        let matrix = try CodingMatrix(dataShards: ratio.data, parityShards: ratio.parity)
        let plain = PlainReedSolomon.codingMatrix(dataShards: ratio.data, parityShards: ratio.parity)
        #expect((0..<ratio.parity).map { matrix.parityRow($0) } == Array(plain[ratio.data...]))
    }

    @Test func `coefficients for lost shards invert the rows that are left`() throws {
        let matrix = try CodingMatrix(dataShards: 6, parityShards: 4)
        let plain = PlainReedSolomon.codingMatrix(dataShards: 6, parityShards: 4)
        let points: [UInt8] = [7, 1, 9, 3, 6, 5]
        let inverse = PlainReedSolomon.inverted(points.map { plain[Int($0)] })
        #expect(matrix.coefficients(of: [0, 2, 4], from: points) == inverse[0] + inverse[2] + inverse[4])
    }

    @Test func `256 shards are accepted`() throws {
        #expect(try CodingMatrix(dataShards: 255, parityShards: 1).parityRow(0).count == 255)
    }

    @Test(arguments: [Ratio(0, 3), Ratio(10, 0), Ratio(-1, 3), Ratio(3, -1), Ratio(0, 0)])
    func `a count that is not positive is refused`(_ ratio: Ratio) {
        #expect(throws: ShardCountError.notPositive(dataShards: ratio.data, parityShards: ratio.parity)) {
            try CodingMatrix(dataShards: ratio.data, parityShards: ratio.parity)
        }
    }

    @Test(arguments: [Ratio(255, 2), Ratio(1, 256), Ratio(256, 1), Ratio(.max, .max)])
    func `more than 256 shards are refused with a text that says what to change`(_ ratio: Ratio) {
        let error = #expect(throws: ShardCountError.self) {
            try CodingMatrix(dataShards: ratio.data, parityShards: ratio.parity)
        }
        #expect(error == .tooMany(dataShards: ratio.data, parityShards: ratio.parity))
        #expect(error?.description.contains("must not exceed 256, lower one of them") == true)
    }
}
