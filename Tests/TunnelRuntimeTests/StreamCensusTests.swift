import Testing
import TunnelRuntime

@Suite struct StreamCensusTests {
    @Test func `each stage is counted apart, and sums count everything`() {
        var census = StreamCensus()
        for (index, stage) in StreamStage.allCases.enumerated() { census[stage] = index + 1 }
        census.bytesTowardTunnel = 10
        census.bytesFromTunnel = 20
        census += census
        #expect(StreamStage.allCases.map { census[$0] } == [2, 4, 6, 8])
        #expect(census.bytesTowardTunnel == 20 && census.bytesFromTunnel == 40)
    }
}
