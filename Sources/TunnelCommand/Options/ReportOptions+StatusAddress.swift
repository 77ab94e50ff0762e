import TunnelRuntime

extension ReportOptions {
    /// Where `--metrics` says to listen; `nil` if it says nothing, or nothing that makes sense.
    var statusAddress: StreamAddress? {
        guard let address = try? StreamAddress(self.metricsAddress), !address.isUnix else { return nil }
        return address
    }

    /// Where `--pprof` says to listen: the original's port, but for this machine only.
    var profileAddress: StreamAddress? {
        self.servesProfiles ? .tcp(host: "127.0.0.1", port: 6060) : nil
    }
}
