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

    /// What was needed once the program had warmed up, in the first and the second half of the rest of its life.
    ///
    /// Judged by the quiet quarter of each half: what the load takes for a while comes and goes, what is never given back
    /// is missing in quiet moments too.
    package struct Course: Codable, Sendable, Equatable {
        package var quietEarly: Double
        package var quietLate: Double
        package var largest: Double

        /// Whether it has not grown, but for what varies.
        func isFlat(slack: Double) -> Bool { self.quietLate <= self.quietEarly * 1.25 + slack }
    }

    private static let warmUpSeconds = 30.0
    private static let quietShare = 0.25
    /// A shorter life says nothing.
    private static let leastCount = 15
    /// As long as the load lasts, the allocator keeps what a burst has needed: 200 connections, and for a while the sessions
    /// of a client that was killed. In five minutes 20,000 connections come and go, so 3 KiB lost by each would show.
    private static let memorySlack = 64.0
    private static let descriptorSlack = 20.0

    package let program: String
    package var samples: [Sample] = []

    package init(program: String) { self.program = program }

    package var memory: Course? { self.course(\.mebibytes) }
    package var descriptors: Course? { self.course(\.descriptors) }

    private func course(_ value: (Sample) -> Double) -> Course? {
        let values = self.samples.filter { $0.seconds >= Self.warmUpSeconds }.map(value)
        guard values.count >= Self.leastCount, let largest = values.max(),
            let quietEarly = Samples.quantile(Self.quietShare, of: values.prefix(values.count / 2)),
            let quietLate = Samples.quantile(Self.quietShare, of: values.suffix(values.count / 2))
        else { return nil }
        return Course(quietEarly: quietEarly, quietLate: quietLate, largest: largest)
    }

    /// `nil`: it was too short to tell.
    package var isFlat: Bool? {
        guard let memory, let descriptors else { return nil }
        return memory.isFlat(slack: Self.memorySlack) && descriptors.isFlat(slack: Self.descriptorSlack)
    }
}
