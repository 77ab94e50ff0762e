import BenchmarkSupport
import CNetworkNamespace
import Glibc

/// A network of its own inside this process with one device, whose packets come out at a descriptor: as good as a
/// machine with a cable. It goes with the last socket in it.
final class NetworkNamespace: Sendable {
    private static let deviceName = "link0"
    /// Packets that wait for the reader of the descriptor: it is to lose none.
    private static let queueLength: Int32 = 10_000

    /// The device's packets.
    let device: Int32
    let address: UInt32
    private let descriptor: Int32

    /// - Parameter address: of the device, in a network of 256.
    init(address: UInt32) throws(BenchmarkError) {
        let home = try Self.current()
        defer { close(home) }
        guard network_namespace_unshare() == 0 else { throw .system("a network namespace (needs root)", errno) }
        let made = Self.fill(address)
        precondition(network_namespace_enter(home) == 0, "no way back")
        (self.descriptor, self.device) = try made.get()
        self.address = address
    }

    deinit {
        close(self.device)
        close(self.descriptor)
    }

    private static func fill(_ address: UInt32) -> Result<(Int32, Int32), BenchmarkError> {
        Result { () throws(BenchmarkError) in
            let device = unsafe network_device_open(self.deviceName)
            guard device >= 0 else { throw .system("a TUN device", errno) }
            guard unsafe network_device_configure(self.deviceName, address, 0xFFFF_FF00, self.queueLength) == 0 else {
                let error = errno
                close(device)
                throw .system("configuring a TUN device", error)
            }
            return (try self.current(), device)
        }
    }

    /// The network that the calling thread is in.
    private static func current() throws(BenchmarkError) -> Int32 {
        let descriptor = unsafe open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("/proc/thread-self/ns/net", errno) }
        return descriptor
    }

    /// Runs `body` with the calling thread in this network: sockets that it makes are and stay there.
    func visit(
        _ body: () throws(BenchmarkError) -> StreamSocket
    ) throws(BenchmarkError) -> StreamSocket {
        let home = try Self.current()
        defer {
            precondition(network_namespace_enter(home) == 0, "no way back")
            close(home)
        }
        guard network_namespace_enter(self.descriptor) == 0 else { throw .system("setns", errno) }
        return try body()
    }
}

/// Two networks whose devices are to be joined by a relay, and a service in the second.
final class NamespacePair: Sendable {
    private let client: NetworkNamespace
    private let server: NetworkNamespace
    private let congestionControl: String
    let target: TargetServer

    init(congestionControl: String) throws(BenchmarkError) {
        let client = try NetworkNamespace(address: 0x0A53_0001)
        let server = try NetworkNamespace(address: 0x0A53_0002)
        let endpoint = Endpoint(address: server.address, port: 0)
        let listener = try server.visit { () throws(BenchmarkError) in
            try StreamSocket.listening(at: endpoint, congestionControl: congestionControl)
        }
        self.client = client
        self.server = server
        self.congestionControl = congestionControl
        self.target = TargetServer(listener: listener)
    }

    /// The descriptors for the relay.
    var devices: (client: Int32, server: Int32) { (self.client.device, self.server.device) }

    /// A connection from the first network to the service in the second.
    func connect() throws(BenchmarkError) -> StreamSocket {
        let endpoint = Endpoint(address: self.server.address, port: self.target.port)
        let congestionControl = self.congestionControl
        return try self.client.visit { () throws(BenchmarkError) in
            try StreamSocket.connected(to: endpoint, congestionControl: congestionControl)
        }
    }
}
