/// A set of options under which tunnels are measured.
struct Scenario: Sendable {
    let name: String
    /// For both ends.
    let options: [String]
    /// Debian's Go program of 2021 knows the options.
    var isComparable = true
    /// The latency measurements are made, not only bulk transfer.
    var isInteractive = false

    private static let wide = ["-mode", "fast3", "-nocomp", "-sndwnd", "4096", "-rcvwnd", "4096"]

    private static func wide(_ cipher: String, dataShards: Int, parityShards: Int) -> [String] {
        wide + ["-crypt", cipher, "-datashard", "\(dataShards)", "-parityshard", "\(parityShards)"]
    }

    static let all = [
        Scenario(name: "defaults", options: [], isInteractive: true),
        Scenario(name: "aes, FEC 10/3", options: wide("aes", dataShards: 10, parityShards: 3), isInteractive: true),
        Scenario(name: "aes, FEC off", options: wide("aes", dataShards: 0, parityShards: 0)),
        Scenario(name: "salsa20, FEC 10/3", options: wide("salsa20", dataShards: 10, parityShards: 3)),
        Scenario(name: "none, FEC off", options: wide("none", dataShards: 0, parityShards: 0)),
        Scenario(
            name: "aes-128-gcm, FEC 10/3", options: wide("aes-128-gcm", dataShards: 10, parityShards: 3),
            isComparable: false),
    ]
}
