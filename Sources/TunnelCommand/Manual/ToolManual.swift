/// The manual page of `kcptun`, made from the declarations of its subcommands.
enum ToolManual {
    /// The page in the language of man(7).
    static var text: String {
        let command = HelpDump(of: KcptunCommand.self).command
        var page = ManualPage(name: command.commandName, summary: command.abstract ?? "")
        page.section("Synopsis")
        page.paragraph("`\(command.commandName)` subcommand [options]")
        page.section("Description")
        page.paragraphs(command.discussion ?? "")
        page.section("Subcommands")
        for subcommand in command.subcommands ?? [] where Self.isShown(subcommand) { Self.add(subcommand, to: &page) }
        page.section("Exit status")
        for (status, text) in ManualText.exitStatus { page.item("`\(status)`", text) }
        page.section("See also")
        page.paragraph("`kcptun-client`(1), `kcptun-server`(1)")
        return page.text
    }

    private static func isShown(_ command: HelpDump.Command) -> Bool { command.shouldDisplay ?? true }

    private static func add(_ command: HelpDump.Command, to page: inout ManualPage) {
        let operands = (command.arguments ?? []).filter { $0.names == nil }.map { " <\($0.valueName ?? "")>" }
        page.subsection("kcptun \(command.commandName)\(operands.joined())")
        page.paragraph(command.abstract ?? "")
        page.paragraphs(command.discussion ?? "")
        for argument in command.arguments ?? [] where argument.shouldDisplay ?? true { Self.add(argument, to: &page) }
    }

    private static func add(_ argument: HelpDump.Argument, to page: inout ManualPage) {
        let value = argument.kind == "flag" ? "" : argument.valueName ?? ""
        guard let names = argument.names else { return page.item("<\(value)>", argument.abstract ?? "") }
        let spellings = names.map { $0.kind == "long" ? "`--\($0.name)`" : "`-\($0.name)`" }.joined(separator: ", ")
        let defaultValue = argument.kind == "flag" ? nil : argument.defaultValue
        page.item(
            value.isEmpty ? spellings : "\(spellings) \(value)",
            ManualPage.text(argument.abstract ?? "", defaultValue: defaultValue))
    }
}
