/// Where the value of a setting comes from.
package enum SettingOrigin: Hashable, Sendable {
    case builtIn
    case environment
    case commandLine
    case configurationFile
    /// The shadowsocks program that has started this one as its plugin (SIP003).
    case plugin
    /// A named mode stands for it (protocol 06 §3).
    case mode(String)
    /// Nobody has set it, and `-cc` lets the program choose; the value is what it would be with `-cc off`.
    case automatic
}

extension SettingOrigin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .builtIn: "default"
        case .environment: "environment"
        case .commandLine: "command line"
        case .configurationFile: "file"
        case .plugin: "plugin"
        case .mode(let name): "mode \(name)"
        case .automatic: "automatic"
        }
    }
}
