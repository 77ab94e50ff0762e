import TunnelRuntime

extension HostLog {
    init(_ log: TunnelLog) { self.init(general: log.logger, streams: log.streamLogger) }
}
