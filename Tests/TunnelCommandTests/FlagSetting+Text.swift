import TunnelCommand

extension [FlagSetting] {
    /// The settings that count, each as one text such as `--mtu=1350`.
    var texts: [String] { self.effective.map { $0.arguments.joined(separator: "=") }.filter { !$0.isEmpty } }
}
