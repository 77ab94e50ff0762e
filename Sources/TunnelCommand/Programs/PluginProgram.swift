/// The `kcptun` executable as a plugin of shadowsocks: a client, or a server if the options have the word `server`.
package enum PluginProgram {
    /// Runs the plugin if a shadowsocks program has started this process, which it does without arguments; returns the
    /// exit status, or `nil` if none has.
    package static func runIfAsked() async -> Int32? {
        guard CommandLine.arguments.count == 1 else { return nil }
        do {
            guard let plugin = try PluginEnvironment(ProcessEnvironment.variables) else { return nil }
            return plugin.options.asksForServer ? await ServerProgram.run() : await ClientProgram.run()
        } catch {
            StandardError.print(error.description)
            return error.exitStatus
        }
    }
}
