/// Numbers as people read them.
package enum FigureText {
    /// With this many decimal places, rounded: `1.40`.
    package static func fixed(_ value: Double, _ places: Int) -> String {
        // Larger numbers do not come up, but what is printed may come from another program.
        guard value.magnitude < 1e15 else { return "-" }
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = Int((value.magnitude * scale).rounded())
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return sign + (places == 0 ? padded : "\(padded.dropLast(places)).\(padded.suffix(places))")
    }

    /// As few of at most two decimal places as needed: `5`, `0.25`.
    package static func short(_ value: Double) -> String {
        var text = Self.fixed(value, 2)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// In groups of three digits: `12,345`.
    package static func grouped(_ value: UInt64) -> String {
        var text = ""
        for (index, digit) in String(value).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// Lower-case hexadecimal digits.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// With spaces in front, up to this width.
    package static func right(_ text: String, width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// With spaces behind, up to this width.
    package static func left(_ text: String, width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
