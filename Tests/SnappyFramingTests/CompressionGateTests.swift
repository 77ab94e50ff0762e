import Testing

@testable import SnappyFraming

@Suite struct CompressionGateTests {
    @Test func `what cannot shrink is not tried`() {
        #expect(CompressionGate().verdict(byteCount: 17) == .skip)
        #expect(CompressionGate().verdict(byteCount: 18) == .attempt)
    }

    @Test func `after four misses long chunks are sampled`() {
        var gate = CompressionGate()
        for _ in 0..<4 {
            #expect(gate.verdict(byteCount: 8200) == .attempt)
            gate.noteMiss()
        }
        #expect(gate.verdict(byteCount: 8200) == .attemptIfSampleShrinks)
        #expect(gate.verdict(byteCount: 2048) == .attempt)
    }

    @Test func `every sixteenth is tried anyway`() {
        var gate = CompressionGate()
        var attempts = 0
        for _ in 0..<164 {
            if gate.verdict(byteCount: 8200) == .attempt { attempts += 1 }
            gate.noteMiss()
        }
        #expect(attempts == 4 + 10)
    }

    @Test func `a hit restores the trust`() {
        var gate = CompressionGate()
        for _ in 0..<9 { gate.noteMiss() }
        gate.noteHit()
        #expect(gate.verdict(byteCount: 8200) == .attempt)
    }

    @Test(arguments: [(7, 8, false), (6, 8, true), (7174, 8200, true), (7175, 8200, false), (0, 0, false)])
    func `an eighth must be saved`(compressed: Int, plain: Int, pays: Bool) {
        #expect(CompressionGate.pays(compressedByteCount: compressed, byteCount: plain) == pays)
    }
}
