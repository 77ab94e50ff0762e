/// A line for the terminal, in pieces that look different.
package struct StyledLine: Hashable, Sendable {
    package enum Style: Hashable, Sendable {
        case plain, bold, quiet, good, notice, problem

        /// Select Graphic Rendition (ECMA-48); `nil` for nothing special.
        var code: String? {
            switch self {
            case .plain: nil
            case .bold: "1"
            case .quiet: "2"
            case .good: "32"
            case .notice: "33"
            case .problem: "1;31"
            }
        }
    }

    private struct Piece: Hashable, Sendable {
        var text: String
        var style: Style
    }

    private var pieces: [Piece] = []

    package init(_ text: String = "", _ style: Style = .plain) { self.append(text, style) }

    package mutating func append(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { self.pieces.append(Piece(text: Self.printable(text), style: style)) }
    }

    /// What another program sends must not move the cursor.
    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : Character($0) })
    }

    package var width: Int { self.pieces.reduce(0) { $0 + $1.text.count } }
    package var plainText: String { self.pieces.map(\.text).joined() }

    /// The line on as many lines as it takes, broken between words; all but the first begin with `indent` spaces.
    package func wrapped(columns: Int, indent: Int) -> [StyledLine] {
        var lines = [StyledLine()]
        var isAtStart = true
        for piece in self.pieces {
            for word in piece.text.split(separator: " ", omittingEmptySubsequences: false) {
                if !isAtStart, !word.isEmpty, lines[lines.count - 1].width + word.count > columns {
                    lines.append(StyledLine(String(repeating: " ", count: indent)))
                }
                lines[lines.count - 1].append("\(word) ", piece.style)
                isAtStart = false
            }
            lines[lines.count - 1].dropLastSpace()
        }
        return lines
    }

    /// Takes back the space behind the last word.
    private mutating func dropLastSpace() {
        guard let last = self.pieces.indices.last, self.pieces[last].text.last == " " else { return }
        self.pieces[last].text.removeLast()
        if self.pieces[last].text.isEmpty { self.pieces.removeLast() }
    }

    /// As the terminal takes it, cut off at `columns`.
    package func text(columns: Int) -> String {
        var rest = columns
        var result = ""
        for piece in self.pieces where rest > 0 {
            let text = String(piece.text.prefix(rest))
            rest -= text.count
            result += piece.style.code.map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
        }
        return result
    }
}
