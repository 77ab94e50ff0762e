import Foundation
import Testing
import TunnelCommand
import TunnelRuntime

/// The example configurations can be used as they are, but for key and addresses.
@Suite struct ExampleConfigurationTests {
    private static let files = Repository.files(below: "Examples/Configurations", suffix: ".json")
    private static let pairs = Set(
        files.map { $0.replacing("-client.json", with: "").replacing("-server.json", with: "") })

    private static func load<Options: TunnelOptions>(_ file: String, _: Options.Type) throws -> LoadedOptions<Options> {
        let path = Repository.folder.appending(path: file).path(percentEncoded: false)
        let request = try OptionReader<Options>(environment: [:]).read(["-c", path])
        guard case .run(let loaded) = request else { throw UsageError.badSyntax("not run") }
        return loaded
    }

    @Test func `there are some, in pairs`() {
        #expect(Self.pairs.count >= 5)
        #expect(Self.files.count == 2 * Self.pairs.count)
    }

    @Test(arguments: pairs)
    func `both files of a pair load without a warning`(pair: String) throws {
        let client = try Self.load("\(pair)-client.json", ClientOptions.self)
        let server = try Self.load("\(pair)-server.json", ServerOptions.self)
        #expect(client.unknownKeys.isEmpty && server.unknownKeys.isEmpty)
        #expect(try ClientSettings(client.options).warnings.isEmpty)
        #expect(try ServerSettings(server.options).warnings.isEmpty)
    }

    @Test(arguments: pairs)
    func `the ends of a pair fit together`(pair: String) throws {
        let client = try Self.load("\(pair)-client.json", ClientOptions.self).options
        let server = try Self.load("\(pair)-server.json", ServerOptions.self).options
        let (left, right) = (client.shared, server.shared)
        #expect(left.secrecy.key == right.secrecy.key)
        #expect(left.secrecy.crypt == right.secrecy.crypt)
        #expect(left.secrecy.usesPermutationPads == right.secrecy.usesPermutationPads)
        #expect(left.streams.disablesCompression == right.streams.disablesCompression)
        #expect(left.streams.smuxVersion == right.streams.smuxVersion)
        #expect(left.link.dataShards == right.link.dataShards)
        #expect(left.link.parityShards == right.link.parityShards)
        #expect(left.link.mtu == right.link.mtu)
        #expect(try ClientSettings(client).serverAddresses[0].ports == ServerSettings(server).listenAddress.ports)
    }

    @Test(arguments: pairs)
    func `the list of examples has the pair`(pair: String) throws {
        let name = try #require(pair.split(separator: "/").last)
        #expect(try Repository.text("Examples/Configurations/README.md").contains("| `\(name)` |"))
    }
}
