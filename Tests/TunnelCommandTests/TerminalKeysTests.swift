import Testing

@testable import TunnelCommand

@Suite struct TerminalKeysTests {
    @Test(
        arguments: [
            ("q", [.quit]), ("Q", [.quit]), ("\u{3}", [.quit]), ("x", []), ("", []),
            ("jk ", [.move(1), .move(-1), .move(20)]),
            ("\u{1B}[A", [.move(-1)]), ("\u{1B}[B", [.move(1)]), ("\u{1B}OA", [.move(-1)]), ("\u{1B}[5~", [.move(-20)]),
            ("\u{1B}[6~", [.move(20)]), ("\u{1B}[1;5C", []), ("\u{1B}[B\u{1B}[Bq", [.move(1), .move(1), .quit]),
            ("\u{1B}", []), ("\u{1B}[", []), ("\u{1B}q", [.quit]),
        ] as [(String, [TerminalEvent])])
    func `keys`(text: String, events: [TerminalEvent]) {
        #expect(TerminalKeys.events(Array(text.utf8)) == events)
    }
}
