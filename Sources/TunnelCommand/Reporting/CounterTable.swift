/// Every counter, with its names in the log and in the CSV file. Whatever reports counters loops over it.
package enum CounterTable {
    package struct Row: Sendable {
        package var logName: String
        package var columnName: String
        package var value: any KeyPath<SNMPCounters, UInt64> & Sendable

        init(_ logName: String, column: String? = nil, _ value: any KeyPath<SNMPCounters, UInt64> & Sendable) {
            self.logName = logName
            self.columnName = column ?? logName
            self.value = value
        }
    }

    /// In the order of the log line (protocol 06 §8).
    package static let rows: [Row] = [
        Row("BytesSent", \.bytesSent),
        Row("BytesReceived", \.bytesReceived),
        Row("MaxConn", \.maxConn),
        Row("ActiveOpens", \.activeOpens),
        Row("PassiveOpens", \.passiveOpens),
        Row("CurrEstab", \.currEstab),
        Row("InErrs", \.inErrs),
        Row("InCsumErrors", \.inCsumErrors),
        Row("KCPInErrors", \.kcpInErrors),
        Row("InPkts", \.inPkts),
        Row("OutPkts", \.outPkts),
        Row("InSegs", \.inSegs),
        Row("OutSegs", \.outSegs),
        Row("InBytes", \.inBytes),
        Row("OutBytes", \.outBytes),
        Row("RetransSegs", \.retransSegs),
        Row("FastRetransSegs", \.fastRetransSegs),
        Row("EarlyRetransSegs", \.earlyRetransSegs),
        Row("LostSegs", \.lostSegs),
        Row("RepeatSegs", \.repeatSegs),
        Row("FECFullShardSet", column: "FECFullShards", \.fecFullShardSet),
        Row("FECRecovered", \.fecRecovered),
        Row("FECErrs", \.fecErrs),
        Row("FECParityShards", \.fecParityShards),
        Row("FECShardSet", \.fecShardSet),
        Row("FECShardMin", \.fecShardMin),
        Row("RingBufferSndQueue", \.ringBufferSndQueue),
        Row("RingBufferRcvQueue", \.ringBufferRcvQueue),
        Row("RingBufferSndBuffer", \.ringBufferSndBuffer),
        Row("OOBPackets", \.oobPackets),
    ]

    /// In the order of the CSV file (protocol 06 §9), where two columns have changed places.
    package static let columns: [Row] = {
        var columns = Self.rows
        if let recovered = columns.firstIndex(where: { $0.logName == "FECRecovered" }),
            let parity = columns.firstIndex(where: { $0.logName == "FECParityShards" })
        {
            columns.swapAt(recovered, parity)
        }
        return columns
    }()

    /// The line that SIGUSR1 asks for.
    package static func logLine(_ counters: SNMPCounters) -> String {
        let fields = Self.rows.map { "\($0.logName):\(counters[keyPath: $0.value])" }
        return "KCP SNMP:&{\(fields.joined(separator: " "))}"
    }

    /// The first line of the CSV file, without the newline.
    package static var csvHeader: String {
        (["Unix"] + Self.columns.map(\.columnName)).joined(separator: ",")
    }

    /// A line of the CSV file, without the newline.
    package static func csvRow(_ counters: SNMPCounters, at time: WallTime) -> String {
        let values = Self.columns.map { String(counters[keyPath: $0.value]) }
        return ([String(time.secondsSince1970)] + values).joined(separator: ",")
    }
}
