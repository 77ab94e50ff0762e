import BenchmarkSupport
import NetworkSimulation

/// What a program has needed between its start and its end.
package struct ProcessLife: Sendable {
    package struct Sample: Sendable, Equatable {
        package var seconds: Double
        package var mebibytes: Double
        package var descriptors: Double

        package init(seconds: Double, mebibytes: Double, descriptors: Double) {
            self.seconds = seconds
            self.mebibytes = mebibytes
            self.descriptors = descriptors
        }
    }

    /// First and last are medians of a few samples, once the program has warmed up.
    package struct Course: Codable, Sendable, Equatable {
        package var first: Double
        package var last: Double
        package var largest: Double
        /// The largest of the first half.
        package var largestEarly: Double

        /// Whether it has not grown, but for what varies.
        func isFlat(slack: Double) -> Bool { self.largest <= self.largestEarly * 1.25 + slack }
    }

    private static let warmUpSeconds = 30.0
    private static let ends = 5
    /// A shorter life says nothing.
    private static let leastCount = 15
    private static let memorySlack = 16.0
    private static let descriptorSlack = 50.0

    package let program: String
    package var samples: [Sample] = []

    package init(program: String) { self.program = program }

    package var memory: Course? { self.course(\.mebibytes) }
    package var descriptors: Course? { self.course(\.descriptors) }

    private func course(_ value: (Sample) -> Double) -> Course? {
        let values = self.samples.filter { $0.seconds >= Self.warmUpSeconds }.map(value)
        guard values.count >= Self.leastCount, let largest = values.max(),
            let largestEarly = values.prefix(values.count / 2).max(),
            let first = Samples.median(Array(values.prefix(Self.ends))),
            let last = Samples.median(Array(values.suffix(Self.ends)))
        else { return nil }
        return Course(first: first, last: last, largest: largest, largestEarly: largestEarly)
    }

    /// `nil`: it was too short to tell.
    package var isFlat: Bool? {
        guard let memory, let descriptors else { return nil }
        return memory.isFlat(slack: Self.memorySlack) && descriptors.isFlat(slack: Self.descriptorSlack)
    }
}
