import BenchmarkSupport

/// A long transfer through one tunnel: memory must stay where it is after the first tenth.
struct Soak {
    let scenario: Scenario
    let program: Program
    let logFolder: String

    func run(gigabytes: Double) throws(BenchmarkError) {
        let target = try TargetServer()
        let tunnel = try Tunnel(program, options: scenario.options, toPort: target.port, logFolder: logFolder)
        defer { tunnel.stop() }
        let transfer = try BulkTransfer(.download, streamCount: 4, throughPort: tunnel.port, to: target)
        defer { transfer.stop() }
        print("\(scenario.name): carried GB, resident MiB of both ends now, at most, processor seconds per GB")
        for tenth in 1...10 {
            let before = Usage(of: tunnel)
            let bytesBefore = transfer.deliveredByteCount
            while Double(transfer.deliveredByteCount) < gigabytes * 1e9 * Double(tenth) / 10 {
                Nanoseconds.sleep(seconds: 0.01)
                try tunnel.requireAlive()
            }
            let used = Usage(of: tunnel).tunnelProcessorTime - before.tunnelProcessorTime
            let carried = Double(transfer.deliveredByteCount)
            print(
                (carried / 1e9).fixed(1), tunnel.residentMebibytes.fixed(1), tunnel.peakResidentMebibytes.fixed(1),
                (used.seconds / ((carried - Double(bytesBefore)) / 1e9)).fixed(2))
        }
    }
}
