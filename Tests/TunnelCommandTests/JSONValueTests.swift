import Testing
import TunnelCommand

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            ("1", .integer(1)), ("-0", .integer(0)), ("1.0", .integer(1)), ("1e3", .integer(1000)),
            ("1.50", .number(1.5)),
            ("-2.5E+1", .integer(-25)), ("1e-7", .number(1e-7)), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("true", .boolean(true)),
            ("false", .boolean(false)), ("null", .null), ("[]", .list([])),
            ("[1, {\"a\": [null]}, \"]\"]", .list([.integer(1), .object, .text("]")])),
            ("{}", .object), (#""""#, .text("")), (#""a b""#, .text("a b")),
            (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{C}\n\r\t")), (#""\u0041\u00e9""#, .text("Aé")),
            (#""\ud83d\ude00""#, .text("😀")), ("\"é😀\"", .text("é😀")), (" \t\r\n 7 ", .integer(7)),
        ] as [(String, JSONValue)])
    func `a value is read`(text: String, value: JSONValue) throws {
        guard case .object(let members) = try JSONDocument(Array("{\"key\": \(text)}".utf8)) else {
            Issue.record("no object")
            return
        }
        #expect(members.map(\.value) == [value])
    }

    @Test(
        arguments: [
            (.integer(5), "the number 5", "a number"), (.number(1.5), "the number 1.5", "a number"),
            (.text("a\"b"), #"the text "a\"b""#, "a text"), (.boolean(true), "true", "true or false"),
            (.null, "null", "null"), (.list([]), "a list", "a list"), (.object, "an object", "an object"),
        ] as [(JSONValue, String, String)])
    func `a value is named with what it is, or without`(value: JSONValue, summary: String, kindSummary: String) {
        #expect(value.summary == summary)
        #expect(value.kindSummary == kindSummary)
    }
}
