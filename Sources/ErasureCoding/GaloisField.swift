/// GF(2⁸) with the polynomial x⁸+x⁴+x³+x²+1 (0x11D) and the generator 2 (protocol 02 §6), by logarithms.
///
/// Addition and subtraction are both XOR. Only matrices are worked out here; whole shards are ISA-L's work,
/// whose field is the same.
enum GaloisField {
    /// The order of the multiplicative group: powers of the generator repeat after so many.
    static let order = 255
    private static let polynomial = 0x11D

    private static let powers: [UInt8] = {
        var powers: [UInt8] = []
        var value = 1
        for _ in 0..<order {
            powers.append(UInt8(value))
            value <<= 1
            if value > 0xFF { value ^= polynomial }
        }
        return powers
    }()

    private static let logarithms: [UInt8] = {
        var logarithms = [UInt8](repeating: 0, count: 256)
        for (exponent, element) in powers.enumerated() { logarithms[Int(element)] = UInt8(exponent) }
        return logarithms
    }()

    /// The generator to the power of `exponent`, which may be any integer.
    static func power(_ exponent: Int) -> UInt8 {
        let remainder = exponent % self.order
        return self.powers[remainder < 0 ? remainder + self.order : remainder]
    }

    /// The exponent, 0 … 254, that makes `element` out of the generator. Zero has none.
    static func logarithm(_ element: UInt8) -> Int {
        precondition(element != 0, "zero has no logarithm")
        return Int(self.logarithms[Int(element)])
    }
}
