import BenchmarkSupport
package import NetworkSimulation
import TunnelCore

/// What the names of a command line mean.
package struct RigNames {
    package let links: [LinkScenario]
    package let variants: [RigVariant]
    package let patterns: [TrafficPattern]

    /// A name that means nothing.
    package struct Unknown: Error, Equatable, CustomStringConvertible {
        package let kind: String
        package let name: String

        package init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }

        package var description: String { "there is no \(self.kind) \(self.name)" }
    }

    /// Lists with commas; `oursFlags`: "LABEL=FLAGS" each.
    package init(links: String, variants: String, patterns: String, oursFlags: [String]) throws(Unknown) {
        let flags = try Self.flags(oursFlags)
        self.links = try Self.parse(links, "link") { name in LinkScenario.named.first { $0.name == name } }
        self.variants = try Self.parse(variants, "variant") { RigVariant(name: $0, flags: flags) }
        self.patterns = try Self.parse(patterns, "pattern") { name in TrafficPattern.all.first { $0.name == name } }
    }

    private static func parse<Value>(
        _ text: String, _ kind: String, _ value: (String) -> Value?
    ) throws(Unknown) -> [Value] {
        var values: [Value] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            guard let value = value(name) else { throw Unknown(kind: kind, name: name) }
            values.append(value)
        }
        return values
    }

    private static func flags(_ definitions: [String]) throws(Unknown) -> [String: [String]] {
        var flags: [String: [String]] = [:]
        for definition in definitions {
            guard let equals = definition.firstIndex(of: "="), equals != definition.startIndex else {
                throw Unknown(kind: "label in the flags", name: definition)
            }
            flags[String(definition[..<equals])] = definition[definition.index(after: equals)...]
                .split(separator: " ").map(String.init)
        }
        return flags
    }

    /// The programs that are needed.
    package func programs(from folders: ProgramFolders) -> Set<String> {
        Set(
            self.variants.flatMap { variant in
                [variant.end(.client, on: .a, from: folders), variant.end(.server, on: .a, from: folders)]
                    .compactMap { $0?.path }
            })
    }
}
