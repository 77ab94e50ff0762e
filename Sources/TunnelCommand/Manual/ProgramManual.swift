import TunnelCore

/// The manual page of one of the two programs. Its list of flags is made from their declarations.
enum ProgramManual {
    /// The page in the language of man(7).
    static func text<Options: TunnelOptions>(of _: Options.Type) -> String {
        var page = ManualPage(name: Options.programName, summary: Options.abstract)
        page.section("Synopsis")
        page.paragraph("`\(Options.programName)` [flags]")
        page.section("Description")
        for text in ManualText.description(Options.role) { page.paragraph(text) }
        page.section("Options")
        page.paragraph(ManualText.spelling)
        self.addFlags(FlagDescription.flags(of: Options.self), to: &page)
        self.addSections(Options.role, to: &page)
        return page.text
    }

    private static func addFlags(_ flags: [FlagDescription], to page: inout ManualPage) {
        let shown = flags.filter { !$0.isHidden }
        let sections = shown.map(\.section).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        for section in sections {
            page.subsection(section)
            for flag in shown where flag.section == section { page.add(flag) }
        }
        page.subsection("Tuning")
        page.paragraph("These are left out of the help.")
        for flag in flags where flag.isHidden { page.add(flag) }
    }

    private static func addSections(_ role: TunnelRole, to page: inout ManualPage) {
        page.section("Configuration file")
        for text in ManualText.configurationFile { page.paragraph(text) }
        page.example(ManualText.configurationExample(role))
        page.section("Environment")
        for (name, text) in ManualText.environment { page.item("`\(name)`", text) }
        page.section("Shadowsocks")
        for text in ManualText.plugin(role) { page.paragraph(text) }
        page.example(ManualText.pluginExample(role))
        page.section("Signals")
        for (name, text) in ManualText.signals { page.item("`\(name)`", text) }
        page.section("Exit status")
        for (status, text) in ManualText.exitStatus { page.item("`\(status)`", text) }
        page.section("Examples")
        for (text, command) in ManualText.examples(role) {
            page.paragraph(text)
            page.example(command)
        }
        page.section("See also")
        page.paragraph(
            (role == .client ? "`kcptun-server`(1)" : "`kcptun-client`(1)") + ", `kcptun`(1)")
    }
}

extension ManualPage {
    /// A flag under all of its names.
    fileprivate mutating func add(_ flag: FlagDescription) {
        let names = flag.names.sorted { $0.count < $1.count }.map { "`-\($0)`" }.joined(separator: ", ")
        let term = names + (flag.valueName.map { " \($0)" } ?? "")
        self.item(term, Self.text(flag.abstract, defaultValue: flag.defaultValue))
    }
}
