import Testing
import TunnelCommand

@Suite struct CounterTableTests {
    @Test func `the log line has the original's form`() {
        let line = """
            KCP SNMP:&{BytesSent:0 BytesReceived:0 MaxConn:0 ActiveOpens:0 PassiveOpens:0 CurrEstab:0 InErrs:0 \
            InCsumErrors:0 KCPInErrors:0 InPkts:0 OutPkts:0 InSegs:0 OutSegs:0 InBytes:0 OutBytes:0 RetransSegs:0 \
            FastRetransSegs:0 EarlyRetransSegs:0 LostSegs:0 RepeatSegs:0 FECFullShardSet:0 FECRecovered:0 FECErrs:0 \
            FECParityShards:0 FECShardSet:0 FECShardMin:0 RingBufferSndQueue:0 RingBufferRcvQueue:0 \
            RingBufferSndBuffer:0 OOBPackets:0}
            """
        #expect(CounterTable.logLine(SNMPCounters()) == line)
    }

    @Test func `the header has the original's columns`() {
        let header = """
            Unix,BytesSent,BytesReceived,MaxConn,ActiveOpens,PassiveOpens,CurrEstab,InErrs,InCsumErrors,KCPInErrors,\
            InPkts,OutPkts,InSegs,OutSegs,InBytes,OutBytes,RetransSegs,FastRetransSegs,\
            EarlyRetransSegs,LostSegs,RepeatSegs,\
            FECFullShards,FECParityShards,FECErrs,FECRecovered,FECShardSet,FECShardMin,RingBufferSndQueue,\
            RingBufferRcvQueue,RingBufferSndBuffer,OOBPackets
            """
        #expect(CounterTable.csvHeader == header)
    }

    @Test func `every counter is in its own place`() {
        var counters = SNMPCounters()
        counters.bytesSent = 1
        counters.fecFullShardSet = 21
        counters.fecRecovered = 22
        counters.fecErrs = 23
        counters.fecParityShards = 24
        counters.oobPackets = .max
        let row = CounterTable.csvRow(counters, at: WallTime(secondsSince1970: 1_800_000_000)).split(separator: ",")
        #expect(row.count == 31)
        #expect(row.prefix(2) == ["1800000000", "1"])
        #expect(row[20...24] == ["0", "21", "24", "23", "22"])
        #expect(row.last == "18446744073709551615")
        #expect(
            CounterTable.logLine(counters).contains("FECFullShardSet:21 FECRecovered:22 FECErrs:23 FECParityShards:24 ")
        )
    }

    @Test func `no two rows show the same counter`() {
        #expect(Set(CounterTable.rows.map { $0.value as AnyKeyPath }).count == 30)
        #expect(CounterTable.rows.count == Mirror(reflecting: SNMPCounters()).children.count)
    }
}
