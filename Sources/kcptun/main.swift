import TunnelCommand

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

if let status = await PluginProgram.runIfAsked() { exit(status) }
await KcptunCommand.start()
