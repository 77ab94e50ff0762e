import ArgumentParser
import NetworkSimulation

/// What the names of the other commands are.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print the names of links, variants and patterns.")

    func run() {
        print("links:    " + LinkScenario.named.map(\.name).joined(separator: " "))
        let variants = EndProfile.all.map(\.name) + TunnelVariant.shortNames
        print("variants: " + variants.joined(separator: " "), "(or CLIENT+SERVER)")
        print("patterns: " + TrafficPattern.all.map(\.name).joined(separator: " "))
    }
}
