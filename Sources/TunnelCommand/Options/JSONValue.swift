/// A value of a JSON text, as far as a configuration file needs it.
package enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A number without a fraction, however it is written: 1.0 and 1e3 are some.
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object
}

extension JSONValue: Decodable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let isOn = try? value.decode(Bool.self) {
            self = .boolean(isOn)
        } else if let number = try? value.decode(Int.self) {
            self = .integer(number)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let elements = try? value.decode([JSONValue].self) {
            self = .list(elements)
        } else {
            _ = try value.decode([String: JSONValue].self)
            self = .object
        }
    }
}

extension JSONValue {
    /// The value for a sentence.
    package var summary: String {
        switch self {
        case .integer(let number): "the number \(number)"
        case .number(let number): "the number \(number)"
        case .text(let text): "the text \(GoLiteral.quoted(text))"
        case .boolean(let isOn): "\(isOn)"
        case .null, .list, .object: self.kindSummary
        }
    }

    /// The summary without the value, which may be secret.
    package var kindSummary: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .integer, .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}
