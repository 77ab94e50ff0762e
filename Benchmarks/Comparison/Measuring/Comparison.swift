import BenchmarkSupport
import Glibc

/// Measures the programs in turns: A B, A B, … so that a disturbance of the machine hits both.
struct Comparison {
    let programs: [Program]
    let scenarios: [Scenario]
    let timing: Timing
    let logFolder: String
    /// Seconds of the whole run that may be spent waiting for other programs.
    let patience: Double

    /// One line of the table before anything was measured.
    private struct Step {
        let scenario: Scenario
        let measurement: Measurement
        let runs: Int
    }

    private var steps: [Step] {
        scenarios.flatMap { scenario in
            var measurements = Measurement.bulkCases
            if scenario.isInteractive { measurements += Measurement.interactiveCases }
            return measurements.map { Step(scenario: scenario, measurement: $0, runs: timing.runs) }
        }
            + scenarios.prefix(1).filter(\.isInteractive).map {
                Step(scenario: $0, measurement: .idle(streamCount: 2000), runs: min(timing.runs, 3))
            }
    }

    func run() throws(BenchmarkError) -> [ResultRow] {
        let target = try TargetServer()
        var quietMoment = QuietMoment(patience: patience)
        return steps.map { step in
            var row = ResultRow(scenario: step.scenario.name, measurement: step.measurement)
            for _ in 0..<step.runs {
                for program in programs where program.identity == .swift || step.scenario.isComparable {
                    quietMoment.wait()
                    measure(step, with: program, target: target, into: &row)
                }
            }
            Console.say(row.progressLine)
            return row
        }
    }

    private func measure(_ step: Step, with program: Program, target: TargetServer, into row: inout ResultRow) {
        do {
            let tunnel = try Tunnel(
                program, options: step.scenario.options, toPort: target.port, logFolder: logFolder)
            defer { tunnel.stop() }
            row.add(try step.measurement.run(through: tunnel, to: target, timing: timing), of: program.identity)
        } catch {
            row.failures.append("\(program.identity): \(error)")
            Console.say("\(step.scenario.name), \(step.measurement.name), \(program.identity): \(error)")
        }
    }
}
