/// The counters of a program, with the original's names (protocol 06 §8). All but the gauges only grow.
package struct SNMPCounters: Hashable, Sendable {
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    package var maxConn: UInt64 = 0
    package var activeOpens: UInt64 = 0
    package var passiveOpens: UInt64 = 0
    /// A gauge.
    package var currEstab: UInt64 = 0
    package var inErrs: UInt64 = 0
    package var inCsumErrors: UInt64 = 0
    package var kcpInErrors: UInt64 = 0
    package var inPkts: UInt64 = 0
    package var outPkts: UInt64 = 0
    package var inSegs: UInt64 = 0
    package var outSegs: UInt64 = 0
    package var inBytes: UInt64 = 0
    package var outBytes: UInt64 = 0
    package var retransSegs: UInt64 = 0
    package var fastRetransSegs: UInt64 = 0
    package var earlyRetransSegs: UInt64 = 0
    package var lostSegs: UInt64 = 0
    package var repeatSegs: UInt64 = 0
    package var fecFullShardSet: UInt64 = 0
    package var fecRecovered: UInt64 = 0
    package var fecErrs: UInt64 = 0
    package var fecParityShards: UInt64 = 0
    /// A gauge.
    package var fecShardSet: UInt64 = 0
    /// A gauge.
    package var fecShardMin: UInt64 = 0
    /// A gauge.
    package var ringBufferSndQueue: UInt64 = 0
    /// A gauge.
    package var ringBufferRcvQueue: UInt64 = 0
    /// A gauge.
    package var ringBufferSndBuffer: UInt64 = 0
    package var oobPackets: UInt64 = 0

    package init() {}
}
