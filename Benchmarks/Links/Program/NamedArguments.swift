import ArgumentParser
import NetworkSimulation

// Names on the command line, separated by commas.

/// Links of a list.
struct LinkNames: ExpressibleByArgument {
    let scenarios: [LinkScenario]
    /// As it was given.
    let defaultValueDescription: String

    init?(argument: String) {
        guard let scenarios = parse(argument, { name in LinkScenario.named.first { $0.name == name } }) else {
            return nil
        }
        self.scenarios = scenarios
        self.defaultValueDescription = argument
    }
}

/// Variants of a list.
struct VariantNames: ExpressibleByArgument {
    let variants: [TunnelVariant]
    /// As it was given.
    let defaultValueDescription: String

    init?(argument: String) {
        guard let variants = parse(argument, TunnelVariant.init(name:)) else { return nil }
        self.variants = variants
        self.defaultValueDescription = argument
    }
}

/// Patterns of a list.
struct PatternNames: ExpressibleByArgument {
    let patterns: [TrafficPattern]
    /// As it was given.
    let defaultValueDescription: String

    init?(argument: String) {
        guard let patterns = parse(argument, { name in TrafficPattern.all.first { $0.name == name } }) else {
            return nil
        }
        self.patterns = patterns
        self.defaultValueDescription = argument
    }
}

/// "1,5,9" or "1-20".
struct SeedList: ExpressibleByArgument {
    let seeds: [UInt64]
    /// As it was given.
    let defaultValueDescription: String

    init?(argument: String) {
        let bounds = argument.split(separator: "-").map { UInt64($0) }
        if bounds.count == 2, let low = bounds[0], let high = bounds[1], low <= high {
            self.seeds = Array(low...high)
        } else if let seeds = parse(argument, { UInt64($0) }) {
            self.seeds = seeds
        } else {
            return nil
        }
        self.defaultValueDescription = argument
    }
}

/// `nil` unless every part of the list means something.
private func parse<Value>(_ text: String, _ value: (String) -> Value?) -> [Value]? {
    let parts = text.split(separator: ",").map(String.init)
    let values = parts.compactMap(value)
    return values.isEmpty || values.count < parts.count ? nil : values
}
