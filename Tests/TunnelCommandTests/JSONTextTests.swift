import Testing
import TunnelCommand

@Suite struct JSONTextTests {
    private func read(_ text: String) throws -> (value: JSONValue, members: [JSONMember]) {
        var json = JSONText(Array(text.utf8))
        return try json.readDocument()
    }

    @Test(
        arguments: [
            ("1", .number("1")), ("-0", .number("-0")), ("1.50", .number("1.50")), ("-2E+3", .number("-2E+3")),
            ("1e-7", .number("1e-7")), ("true", .boolean(true)), ("false", .boolean(false)), ("null", .null),
            ("[]", .list),
            ("[1, {\"a\": [null]}, \"]\"]", .list), ("{}", .object), (#""""#, .text("")), (#""a b""#, .text("a b")),
            (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{C}\n\r\t")), (#""\u0041\u00e9""#, .text("Aé")),
            (#""\ud83d\ude00""#, .text("😀")), (#""\ud83dx""#, .text("\u{FFFD}x")), (#""\ude00""#, .text("\u{FFFD}")),
            (#""\ud83d\u0041""#, .text("\u{FFFD}A")), ("\"é😀\"", .text("é😀")), (" \t\r\n 7 ", .number("7")),
            ("\u{FEFF}7", .number("7")), (#""e\u0301""#, .text("e\u{301}")),
        ] as [(String, JSONValue)])
    func `a value is read`(text: String, value: JSONValue) throws {
        #expect(try self.read(text).value == value)
    }

    @Test func `members keep their order and their duplicates`() throws {
        let members = try self.read(#" { "b" : 1 , "a":"x","b":[1,2] , "":{"c":2} } "#).members
        #expect(members.map(\.key) == ["b", "a", "b", ""])
        #expect(members.map(\.value) == [.number("1"), .text("x"), .list, .object])
    }

    @Test(arguments: ["{}garbage", "{} {\"mtu\": 1}", "{}]", "{}\u{0}"])
    func `what follows the first value is not looked at`(text: String) throws {
        #expect(try self.read(text).value == .object)
    }

    @Test(arguments: [
        ("", "line 1, column 1: expected a value, but the file ends here"),
        ("  \n ", "line 2, column 2: expected a value, but the file ends here"),
        ("nul", "line 1, column 1: expected a value"),
        ("// x", "line 1, column 1: expected a value"),
        ("{\n  mtu: 1\n}", "line 2, column 3: expected a key in double quotes"),
        ("{\n  \"mtu\": 1,\n}", "line 3, column 1: expected a key in double quotes"),
        (#"{"mtu" 1}"#, "line 1, column 8: expected :"),
        (#"{"mtu": }"#, "line 1, column 9: expected a value"),
        (#"{"mtu": 1 "x": 2}"#, "line 1, column 11: expected , or }"),
        (#"{"mtu": 1"#, "line 1, column 10: expected , or }, but the file ends here"),
        (#"{"mtu": 0x5}"#, "line 1, column 10: expected , or }"),
        (#"{"mtu": 05}"#, "line 1, column 10: expected , or }"),
        (#"{"mtu": 1.}"#, "line 1, column 11: expected a digit"),
        (#"{"mtu": -}"#, "line 1, column 10: expected a digit"),
        (#"{"mtu": 1e}"#, "line 1, column 11: expected a digit"),
        ("[1 2]", "line 1, column 4: expected , or ]"),
        ("\"abc", "line 1, column 5: expected a closing double quote, but the file ends here"),
        ("\"a\nb\"", "line 1, column 3: expected no control character in a text; write \\n or \\u00.."),
        (#""C:\x""#, "line 1, column 5: expected an escape; a backslash itself is \\\\"),
        (#""\u12""#, "line 1, column 6: expected four hexadecimal digits"),
    ])
    func `the place of a mistake is told`(text: String, message: String) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try self.read(text) }
        #expect(error.description == message)
    }

    @Test func `deep nesting is refused, not followed`() {
        #expect(throws: JSONSyntaxError.self) { try self.read(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `half a text of bytes never traps`() {
        let text = Array(#"{"a": [1.5e3, "\ud83d\ude00\n", {"b": null}], "c": true}"#.utf8)
        for count in text.indices {
            #expect(throws: JSONSyntaxError.self) {
                var json = JSONText(Array(text[..<count]))
                _ = try json.readDocument()
            }
        }
    }
}
