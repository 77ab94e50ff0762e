import Glibc

/// What the processes of a tunnel, this program and everybody else have used up to a moment.
package struct Usage: Sendable {
    package let moment: Nanoseconds
    package let tunnelProcessorTime: Nanoseconds
    private let ownProcessorTime: Nanoseconds
    private let machineProcessorTime: Nanoseconds

    package init(of tunnel: Tunnel?) {
        moment = .now
        tunnelProcessorTime = tunnel?.processorTime ?? Nanoseconds(count: 0)
        ownProcessorTime = .reading(CLOCK_PROCESS_CPUTIME_ID)
        machineProcessorTime = SystemFiles.machineProcessorTime()
    }

    /// Processors that neither the tunnel nor the load generator kept busy since an earlier moment.
    package func foreignLoad(since earlier: Usage) -> Double {
        let machine = machineProcessorTime - earlier.machineProcessorTime
        let known = tunnelProcessorTime - earlier.tunnelProcessorTime + (ownProcessorTime - earlier.ownProcessorTime)
        return max(0, (machine - known).seconds / (moment - earlier.moment).seconds)
    }
}
