import TunnelCommand

await KcptunCommand.start()
