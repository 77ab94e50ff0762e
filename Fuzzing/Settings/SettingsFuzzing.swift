package import FuzzSupport

/// What gets text: from the operator, from a shadowsocks program, from whoever asks for the status.
package enum SettingsFuzzing {
    /// Each is a file beside this one.
    package static let targets: [any FuzzTarget.Type] = [
        ConfigurationFileTarget.self, CommandLineTarget.self, OptionsTarget.self, PluginTarget.self,
        AddressTarget.self, LogTarget.self, StatusRequestTarget.self,
    ]
}
