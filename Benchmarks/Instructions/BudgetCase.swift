import Ciphers
import KCP
import Smux
import TunnelCore

/// A set of options whose cost per datagram has a budget.
struct BudgetCase {
    let name: String
    let cipher: CipherSuite
    let dataShards: Int
    let parityShards: Int
    var usesCompression = false

    static let all = [
        BudgetCase(name: "aes-fec", cipher: .aes, dataShards: 10, parityShards: 3),
        BudgetCase(name: "aes", cipher: .aes, dataShards: 0, parityShards: 0),
        BudgetCase(name: "none", cipher: .none, dataShards: 0, parityShards: 0),
        BudgetCase(name: "aes-128-gcm-fec", cipher: .aes128GCM, dataShards: 10, parityShards: 3),
        BudgetCase(name: "salsa20-fec", cipher: .salsa20, dataShards: 10, parityShards: 3),
        BudgetCase(name: "aes-fec-snappy", cipher: .aes, dataShards: 10, parityShards: 3, usesCompression: true),
    ]

    /// What `-mode fast3 -sndwnd 4096 -rcvwnd 4096` gives an end, with a fixed key.
    func configuration(_ role: TunnelRole) throws -> SessionConfiguration {
        SessionConfiguration(
            role: role, cipher: self.cipher, derivedKey: (0..<32).map { UInt8($0 * 7 + 1) },
            dataShards: self.dataShards,
            parityShards: self.parityShards, mtu: 1350,
            conversation: KCP.Configuration(
                mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 4096, receiveWindow: 4096),
            multiplexer: try Smux.Configuration(), usesCompression: self.usesCompression)
    }
}
