/// A pair of programs that is measured with itself.
struct Program: Sendable {
    enum Identity: String, Sendable, Codable, CaseIterable {
        case swift, go
    }

    let identity: Identity
    /// Holds `kcptun-client` and `kcptun-server`.
    let folder: String

    var clientPath: String { folder + "/kcptun-client" }
    var serverPath: String { folder + "/kcptun-server" }
}
