import DatagramIO
import FakeTCP
import NIOCore
import PacketPrimitives

/// What a server with `--tcp` opens for a port beside UDP: raw sockets for the datagrams, and a listener for the
/// connections that they pretend to belong to.
struct DisguisedPort {
    let ports: [NIOLoopBound<ServerPort>]
    let listener: NIOLoopBound<ConnectionListener>

    /// Opens the port at `address`. Each loop of `contexts` gets a part of the clients.
    static func open(
        _ address: PeerAddress, on contexts: [NIOLoopBound<LoopContext>], _ configuration: ServerConfiguration,
        _ log: HostLog, _ register: ConversationRegister
    ) async throws -> DisguisedPort {
        let addresses = try self.addresses(address)
        let contexts = self.share(contexts, of: address.port, configuration.listen.ports)
        let options = configuration.host.socket
        var ports: [NIOLoopBound<ServerPort>] = []
        for address in addresses {
            for (index, context) in contexts.enumerated() {
                let share = FlowShare(index: index, count: contexts.count, configuration.host.flowDivision)
                ports.append(
                    try await ServerPort.open(on: context, configuration, log, ConversationDirectory(register)) {
                        try FakeTCPSocket.serve(address, share: share, options: options)
                    })
            }
        }
        let listener = try await ConnectionListener.open(
            on: contexts[0].eventLoop, at: addresses[0], log: log
        ) { [ports] in
            Self.peers(of: ports)
        }.get()
        return DisguisedPort(ports: ports, listener: listener)
    }

    /// The addresses for raw sockets, which serve one family each; first the one to listen on.
    private static func addresses(_ address: PeerAddress) throws -> [PeerAddress] {
        guard address.isWildcard, address.family == .ipv6 else { return [address] }
        let ipv4 = PeerAddress.wildcard(.ipv4, port: address.port)
        // A machine without IPv6 binds to IPv4 instead.
        let probe = try DatagramSocket.bind(to: .wildcard(.ipv6))
        defer { probe.close() }
        return probe.family == .ipv6 ? [address, ipv4] : [ipv4]
    }

    /// The loops that serve a port. Each segment that comes to this machine, whoever it is for, is held against the
    /// filters of all raw sockets: there should not be more of them than give work to all loops.
    private static func share(
        _ contexts: [NIOLoopBound<LoopContext>], of port: UInt16, _ ports: ClosedRange<UInt16>
    ) -> [NIOLoopBound<LoopContext>] {
        guard ports.count >= contexts.count else { return contexts }
        return [contexts[Int(port) % contexts.count]]
    }

    private static func peers(of ports: [NIOLoopBound<ServerPort>]) -> EventLoopFuture<Set<PeerAddress>> {
        EventLoopFuture.reduce(
            into: [], ports.map { port in port.eventLoop.submit { port.value.peers } }, on: ports[0].eventLoop
        ) { $0.formUnion($1) }
    }
}
