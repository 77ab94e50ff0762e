extension PortRange: CustomStringConvertible {
    package var description: String {
        let first = self.text(port: self.ports.lowerBound)
        return self.ports.count == 1 ? first : "\(first)-\(self.ports.upperBound)"
    }
}

extension PortRange {
    /// Reads a client's `remoteaddr`: one server, or several apart by commas, best first.
    ///
    /// What the original takes for a host with a comma in it is a list, since no host has one. A comma behind the ports is
    /// ignored with all that follows, as by the original.
    package static func list(_ text: String) throws(AddressFormatError) -> [PortRange] {
        guard Self.isList(text) else { return [try PortRange(text)] }
        var ranges: [PortRange] = []
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            let range = try Self.entry(String(entry))
            if !ranges.contains(range) { ranges.append(range) }
        }
        return ranges
    }

    private static func isList(_ text: String) -> Bool {
        let comma = UInt8(ascii: ",")
        return text.utf8.contains(comma) && (try? PortRange(text))?.host.utf8.contains(comma) ?? true
    }

    private static func entry(_ text: String) throws(AddressFormatError) -> PortRange {
        let text = text.trimmed
        do {
            return try PortRange(text)
        } catch {
            throw .entry(text, error)
        }
    }
}

extension String {
    /// Without spaces at both ends.
    fileprivate var trimmed: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
