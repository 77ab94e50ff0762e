import Testing
import TunnelCommand

@Suite struct GoLiteralTests {
    @Test(arguments: [
        ("0", 0), ("1350", 1350), ("-1", -1), ("+7", 7), ("-0", 0), ("0x500", 1280), ("0X5aF", 1455), ("-0x10", -16),
        ("0o17", 15), ("0O17", 15), ("017", 15), ("00", 0), ("0b101", 5), ("0B1", 1), ("1_000", 1000), ("0x_ff", 255),
        ("0_17", 15), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ])
    func `a number is read in Go's way`(text: String, number: Int) throws {
        #expect(try GoLiteral.integer(text) == number)
    }

    @Test(arguments: [
        "", "abc", "-", "+", "--1", "+-1", "1.5", "1e3", " 1", "1 ", "08", "0o8", "0b2", "0x", "0xg", "_1", "1_",
        "1__0",
        "0x__1", "０", "1०",
    ])
    func `anything else is a parse error`(text: String) {
        #expect(throws: GoLiteral.IntegerError.syntax) { try GoLiteral.integer(text) }
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "0xFFFFFFFFFFFFFFFF"])
    func `a number of more than 64 bits is out of range`(text: String) {
        #expect(throws: GoLiteral.IntegerError.range) { try GoLiteral.integer(text) }
    }

    @Test(arguments: ["1", "t", "T", "true", "TRUE", "True"])
    func `a boolean is on`(text: String) { #expect(GoLiteral.boolean(text) == true) }

    @Test(arguments: ["0", "f", "F", "false", "FALSE", "False"])
    func `a boolean is off`(text: String) { #expect(GoLiteral.boolean(text) == false) }

    @Test(arguments: ["", "yes", "on", "tRUE", "2", " true"])
    func `other words are no boolean`(text: String) { #expect(GoLiteral.boolean(text) == nil) }

    @Test(arguments: [
        ("abc", #""abc""#), ("", #""""#), (#"a"b\"#, #""a\"b\\""#), ("a\n\t\r", #""a\n\t\r""#),
        ("\u{1}\u{7F}", #""\x01\x7f""#),
        ("it's", #""it's""#), ("é", #""é""#),
    ])
    func `text is quoted`(text: String, quoted: String) { #expect(GoLiteral.quoted(text) == quoted) }
}
