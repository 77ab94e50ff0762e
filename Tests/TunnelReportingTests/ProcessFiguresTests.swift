import Testing
import TunnelReporting

@Suite struct ProcessFiguresTests {
    @Test func `the process uses something`() throws {
        let figures = ProcessFigures.current
        #expect(figures.processorSeconds > 0)
        #expect(try #require(figures.descriptorLimit) > 2)
        #if os(Linux)
            #expect(try #require(figures.residentByteCount) > 1_000_000)
            #expect(try #require(figures.openDescriptorCount) >= 3)
        #endif
    }
}
