/// Appends the counters to the CSV file of `snmplog` (protocol 06 §9).
package struct SNMPLogWriter: Sendable {
    /// As given; its last component is a time layout.
    private let path: String
    private let zone: LocalTimeZone

    package init(path: String, zone: LocalTimeZone = .system) {
        self.path = path
        self.zone = zone
    }

    /// The file that rows go to at a time.
    package func path(at time: WallTime) -> String {
        let folderEnd = self.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { self.path.utf8.index(after: $0) }
        let nameStart = folderEnd ?? self.path.startIndex
        let layout = GoTimeLayout(String(self.path[nameStart...]))
        return self.path[..<nameStart] + layout.text(self.zone.localTime(time))
    }

    /// Appends a row, and the header before it if the file is empty. The file is opened anew each time, so that it may
    /// be moved away. Returns the line to log if that fails; the next row may succeed.
    package func append(_ counters: SNMPCounters, at time: WallTime) -> String? {
        let path = self.path(at: time)
        do {
            let descriptor = try SystemFile.openForAppending(path)
            defer { SystemFile.closeDescriptor(descriptor) }
            let header = SystemFile.isEmpty(descriptor) ? CounterTable.csvHeader + "\n" : ""
            let row = CounterTable.csvRow(counters, at: time) + "\n"
            let code = SystemFile.write(Array((header + row).utf8), to: descriptor)
            return code.map { Self.line(FileError(operation: "write", path: path, code: $0)) }
        } catch {
            return Self.line(error)
        }
    }

    private static func line(_ error: FileError) -> String { "snmp logger: \(error)" }
}
