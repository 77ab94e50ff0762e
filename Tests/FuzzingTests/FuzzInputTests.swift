import FuzzSupport
import Testing

@Suite struct FuzzInputTests {
    @Test func `what a seed holds is read again`() {
        var seed = FuzzSeed([7])
        seed.append(word: 0x0403_0201)
        seed.append(chunk: [8, 9])
        seed.append(1, 2, 3)
        var input = FuzzInput(seed.bytes)
        #expect(input.byte() == 7)
        #expect(input.word() == 0x0403_0201)
        #expect(input.chunk() == [8, 9])
        #expect(!input.isEmpty)
        #expect(input.rest() == [1, 2, 3])
        #expect(input.isEmpty)
    }

    @Test func `behind the end there are zeros`() {
        var input = FuzzInput([1])
        #expect(input.word() == 1)
        #expect(input.byte() == 0)
        #expect(input.chunk() == [])
        #expect(input.number(below: 1000) == 0)
    }

    @Test func `a chunk that says to be longer than the input is what there is`() {
        var input = FuzzInput([5, 0, 1, 2])
        #expect(input.chunk() == [1, 2])
    }

    @Test(arguments: [1, 2, 256, 257, 1000]) func `a number is below its limit`(limit: Int) {
        var input = FuzzInput([0xFF, 0xFF])
        #expect((0..<limit).contains(input.number(below: limit)))
    }
}
