import Testing
import TunnelCommand

@Suite struct JSONDocumentTests {
    private func members(_ text: String) throws -> [(key: String, value: JSONValue)] {
        guard case .object(let members) = try JSONDocument(Array(text.utf8)) else { throw JSONSyntaxError.noValue }
        return members
    }

    @Test func `members keep their order and their duplicates`() throws {
        let members = try self.members(#" { "b" : 1 , "a":"x","b":[1,{"c":2}] , "":{"c":2} } "#)
        #expect(members.map(\.key) == ["b", "a", "b", ""])
        #expect(members.map(\.value) == [.integer(1), .text("x"), .list([.integer(1), .object]), .object])
    }

    @Test(arguments: [
        #"{"a":",","b":1}"#, #"{"a":"}","b":1}"#, #"{"a":"\"},","b":1}"#, #"{"a":"\\","b":1}"#, #"{"a":[1,2],"b":1}"#,
        #"{"a":{"b":{},"c":3},"b":1}"#, #"{"a":"]","b":1}"#, #"{"a,}":[],"b":1}"#, #"{"a":["}"],"b":1}"#,
        "\u{FEFF}{\"a\":1,\"b\":1}", "\r\n\t{ \"a\" : 1\n,\n\"b\" : 1 }",
    ])
    func `commas and braces inside of values do not cut`(text: String) throws {
        let members = try self.members(text)
        #expect(members.count == 2)
        #expect(members.last?.key == "b")
        #expect(members.last?.value == .integer(1))
    }

    @Test(arguments: ["{}", "{}garbage", "{} {\"mtu\": 1}", "{}]", "{}\u{0}", " { \n } \"", "{}{"])
    func `what follows the object is not looked at`(text: String) throws {
        #expect(try self.members(text).isEmpty)
    }

    @Test(
        arguments: [
            ("null", .null), (" 5\n", .integer(5)), ("[1, 2]", .list([.integer(1), .integer(2)])),
            ("\"{}\"", .text("{}")),
            ("true", .boolean(true)),
        ] as [(String, JSONValue)])
    func `another value than an object is told`(text: String, value: JSONValue) throws {
        guard case .other(let other) = try JSONDocument(Array(text.utf8)) else {
            Issue.record("an object")
            return
        }
        #expect(other == value)
    }

    @Test(
        arguments: [
            ("", .noValue), ("  \n ", .noValue), ("nul", .noValue), ("// x", .noValue), ("[1 2]", .noValue),
            ("}", .noValue), ("\"abc", .noValue),
            ("{", .unclosedObject), (#"{"mtu": 1"#, .unclosedObject), (#"{"key": "abc}"#, .unclosedObject),
            (#"{"mtu": [1}"#, .unclosedObject), (#"{"mtu": 1]"#, .unclosedObject), (#"{"key": "\"}"#, .unclosedObject),
            ("{\n  mtu: 1\n}", .invalidMember(line: 2)), ("{\n  \"mtu\": 1,\n}", .invalidMember(line: 3)),
            ("{,}", .invalidMember(line: 1)), ("{\"a\": 1,\n\n,\"b\": 2}", .invalidMember(line: 3)),
            ("{\"a\": 1,\n\"mtu\" 1}", .invalidMember(line: 2)), (#"{"mtu": }"#, .invalidMember(line: 1)),
            ("{\n\"mtu\": 1\n\"x\": 2}", .invalidMember(line: 2)), (#"{"mtu": 0x5}"#, .invalidMember(line: 1)),
            (#"{"mtu": 05}"#, .invalidMember(line: 1)), (#"{"mtu": 1.}"#, .invalidMember(line: 1)),
            (#"{"mtu": -}"#, .invalidMember(line: 1)), (#"{"mtu": 1e}"#, .invalidMember(line: 1)),
            ("{\"key\": \"a\nb\"}", .invalidMember(line: 1)), (#"{"log": "C:\x"}"#, .invalidMember(line: 1)),
            (#"{"key": "\u12"}"#, .invalidMember(line: 1)), (#"{"key": "\ud83dx"}"#, .invalidMember(line: 1)),
            ("{\n// comment\n\"mtu\": 1}", .invalidMember(line: 2)),
        ] as [(String, JSONSyntaxError)])
    func `what is no JSON is told with the line, as far as it is known`(text: String, error: JSONSyntaxError) {
        #expect(throws: error) { try JSONDocument(Array(text.utf8)) }
    }

    @Test(arguments: [
        (JSONSyntaxError.noValue, #"expected an object such as {"mtu": 1350}"#),
        (.unclosedObject, "the object has no end: a } or a closing double quote is missing"),
        (
            .invalidMember(line: 7),
            #"line 7: expected a member such as "mtu": 1350, with a comma between it and the next"#
        ),
    ])
    func `a mistake is a sentence`(error: JSONSyntaxError, sentence: String) {
        #expect(error.description == sentence)
    }

    @Test func `bytes that are no text are refused`() {
        let bytes = Array(#"{"key": ""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(throws: JSONSyntaxError.invalidMember(line: 1)) { try JSONDocument(bytes) }
    }

    @Test(arguments: ["[", #"{"a":"#, #"{"a":["#])
    func `deep nesting is refused, not followed`(opening: String) {
        let text = "{\"a\":" + String(repeating: opening, count: 100_000)
        let closing = opening.reversed().compactMap { ["[": "]", "{": "}"][$0] }.joined()
        let whole = text + "1" + String(repeating: closing, count: 100_000) + "}"
        #expect(throws: JSONSyntaxError.unclosedObject) { try JSONDocument(Array(text.utf8)) }
        #expect(throws: JSONSyntaxError.invalidMember(line: 1)) { try JSONDocument(Array(whole.utf8)) }
    }

    @Test func `half an object is never taken for a whole one`() {
        let text = Array(#"{"a": [1.5e3, "\ud83d\ude00\n", {"b": null}], "c": true}"#.utf8)
        for count in text.indices {
            #expect(throws: JSONSyntaxError.self) { try JSONDocument(Array(text[..<count])) }
        }
    }
}
