import Testing
import TunnelCommand
import TunnelReporting

@Suite struct TopViewTests {
    private static func model(_ count: Int = 1, findings: [Finding] = []) throws -> TopModel {
        var model = TopModel()
        for clock in 1...3 {
            let sessions = try (0..<count).map {
                try TopSamples.session(
                    "10.0.0.\($0):4000", received: UInt64(clock * 125_000), lost: UInt64(clock * 10),
                    packets: UInt64(clock * 100))
            }
            model.add(
                try TopSamples.document(
                    clock: Double(clock), sessions: sessions, findings: findings, received: UInt64(clock * 125_000)))
        }
        return model
    }

    private static func text(_ lines: [StyledLine]) -> [String] { lines.map(\.plainText) }

    @Test func `a report says it all`() throws {
        let finding = Finding(.problem, session: "10.0.0.0:4000", "10 % is lost.", advice: "Raise --parityshard.")
        let lines = Self.text(TopView(model: try Self.model(findings: [finding])).report(columns: 120))
        #expect(lines[0].hasPrefix("kcptun-server 1.2.3   1 session, 4 streams"))
        #expect(lines[0].hasSuffix("1 problem") && lines[0].count == 120)
        #expect(lines[1] == "received    1.0 Mbit/s              ██")
        #expect(lines[3].hasPrefix("round trip  51 ms (min 50)"))
        #expect(lines[5] == "sent bytes  payload 75 %, headers 0.0 %, parity 25 %, sent again 0.0 %, acks 0.0 %")
        #expect(lines[7] == "PROBLEM 10.0.0.0:4000: 10 % is lost.")
        #expect(lines[8] == "        Raise --parityshard.")
        #expect(lines[10].hasPrefix("SESSION"))
        #expect(lines[11].hasPrefix("10.0.0.0:4000"))
        #expect(lines[11].contains("1.0 Mbit/s") && lines[11].contains("51 ms") && lines[11].contains("10 %"))
        #expect(lines[11].contains("7/128") && lines[11].contains("10/3 -"))
    }

    @Test(arguments: [(80, 24), (40, 10), (200, 60), (20, 4), (1, 1)])
    func `a screen has as many lines as the terminal, whatever its size`(columns: Int, rows: Int) throws {
        let lines = TopView(model: try Self.model(100)).screen(columns: columns, rows: rows)
        #expect(lines.count == rows)
        #expect(lines.allSatisfy { $0.text(columns: columns).filter { $0 != "\u{1B}" }.count >= 0 })
        #expect(lines.last?.plainText.contains("q quit") == true)
    }

    @Test func `the screen says which sessions it shows`() throws {
        var model = try Self.model(100)
        model.scroll(by: 10)
        let lines = Self.text(TopView(model: model).screen(columns: 80, rows: 24))
        #expect(lines.last?.hasPrefix("sessions 11 to ") == true)
    }

    @Test func `narrow terminals get fewer columns, and whole ones`() throws {
        for columns in 36...140 {
            let lines = TopView(model: try Self.model()).report(columns: columns)
            let head = try #require(lines.first { $0.plainText.hasPrefix("SESSION") })
            #expect(head.width <= columns)
        }
    }

    @Test func `before the first document there is not much to see`() {
        #expect(Self.text(TopView(model: TopModel()).screen(columns: 80, rows: 3)).first == "Asking the program …")
        var model = TopModel()
        model.fail("cannot reach 127.0.0.1:1: no")
        #expect(Self.text(TopView(model: model).screen(columns: 80, rows: 3)).first == "cannot reach 127.0.0.1:1: no")
    }

    @Test func `a program without sessions says why`() throws {
        var model = TopModel()
        model.add(try TopSamples.document())
        #expect(Self.text(TopView(model: model).report(columns: 80)).last == "No client has a session.")
    }

    @Test func `all is well when nothing is found`() throws {
        #expect(Self.text(TopView(model: try Self.model()).report(columns: 80))[0].hasSuffix("all is well"))
        let notice = Finding(.notice, "x", advice: "y")
        #expect(
            Self.text(TopView(model: try Self.model(findings: [notice, notice])).report(columns: 80))[0].hasSuffix(
                "2 notices"))
    }
}
