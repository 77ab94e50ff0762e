import Testing

@testable import ErasureCoding

@Suite struct GaloisFieldTests {
    @Test func `powers and logarithms undo each other`() {
        #expect((1...255).allSatisfy { Int(GaloisField.power(GaloisField.logarithm(UInt8($0)))) == $0 })
    }

    @Test(arguments: [-510, -255, -1, 0, 1, 254, 255, 256, 100_000]) func `exponents wrap around`(exponent: Int) {
        #expect(GaloisField.power(exponent) == GaloisField.power(exponent + 255))
    }

    @Test func `adding logarithms multiplies modulo 0x11D`() {
        for left in 1...255 as ClosedRange<UInt8> {
            let sums = (1...255 as ClosedRange<UInt8>).map {
                GaloisField.power(GaloisField.logarithm(left) + GaloisField.logarithm($0))
            }
            #expect(sums == (1...255).map { PlainReedSolomon.multiply(left, $0) })
        }
    }

    @Test func `the logarithm of zero traps`() async {
        await #expect(processExitsWith: .failure) { _ = GaloisField.logarithm(0) }
    }
}
