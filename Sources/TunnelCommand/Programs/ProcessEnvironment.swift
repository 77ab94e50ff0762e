#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The variables of this process that we read.
enum ProcessEnvironment {
    /// Their names.
    private static let names = ["KCPTUN_KEY"] + PluginEnvironment.Variable.allCases.map(\.rawValue)

    static var variables: [String: String] {
        var variables: [String: String] = [:]
        for name in self.names {
            if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
        }
        return variables
    }
}
