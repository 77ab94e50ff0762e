import LinkRig
import NetworkSimulation
import Testing

@Suite struct RigNamesTests {
    private func names(
        links: String = "b,c", variants: String = "default,tcp-bbr", patterns: String = "download,messages",
        oursFlags: [String] = []
    ) throws(RigNames.Unknown) -> RigNames {
        try RigNames(links: links, variants: variants, patterns: patterns, oursFlags: oursFlags)
    }

    @Test func `lists keep their order`() throws {
        let names = try self.names(links: "h,b", variants: "tcp-bbr,default@x", oursFlags: ["x=-mode fast2 -nocomp"])
        #expect(names.links.map(\.name) == ["h", "b"])
        #expect(names.variants.map(\.name) == ["tcp-bbr", "default@x"])
        #expect(names.patterns.map(\.name) == ["download", "messages"])
    }

    @Test func `a wrong name is named`() {
        #expect(throws: RigNames.Unknown(kind: "link", name: "x")) { try self.names(links: "b,x") }
        #expect(throws: RigNames.Unknown(kind: "variant", name: "go")) { try self.names(variants: "go") }
        #expect(throws: RigNames.Unknown(kind: "pattern", name: "")) { try self.names(patterns: "download,") }
        #expect(throws: RigNames.Unknown(kind: "label in the flags", name: "-cc auto")) {
            try self.names(oursFlags: ["-cc auto"])
        }
    }

    @Test func `only programs that are used have to be there`() throws {
        let folders = ProgramFolders(ours: "o", original: "g")
        #expect(try self.names(variants: "tcp-bbr").programs(from: folders).isEmpty)
        #expect(
            try self.names(variants: "go-default+default,tcp-bbr").programs(from: folders)
                == ["g/kcptun-client", "o/kcptun-server"])
    }
}
