// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "swift-kcptun",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "kcptun-client", targets: ["kcptun-client"]),
        .executable(name: "kcptun-server", targets: ["kcptun-server"]),
        .executable(name: "kcptun", targets: ["kcptun"]),
        // The layers of the tunnel, for other packages. Those that work on packets need PacketPrimitives beside them.
        .library(name: "KCP", targets: ["KCP", "PacketPrimitives"]),
        .library(name: "ErasureCoding", targets: ["ErasureCoding", "PacketPrimitives"]),
        .library(name: "Smux", targets: ["Smux", "PacketPrimitives"]),
        .library(name: "SnappyFraming", targets: ["SnappyFraming"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // Libraries of the system.
        .systemLibrary(
            name: "CGcrypt", pkgConfig: "libgcrypt",
            providers: [.apt(["libgcrypt20-dev"]), .brew(["libgcrypt"])]),
        .systemLibrary(
            name: "CIsal", pkgConfig: "libisal", providers: [.apt(["libisal-dev"]), .brew(["isa-l"])]),
        .systemLibrary(
            name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CFuzzer", path: "Fuzzing/CFuzzer"),
        .target(name: "CDatagramSyscalls"),
        .target(name: "CPacketKernels"),

        // The protocol half: no clock, no sockets, no threads, no Foundation. One target per part of the wire format.
        .target(name: "PacketPrimitives"),
        .target(name: "RateControl", dependencies: ["PacketPrimitives"]),
        .target(name: "KCP", dependencies: ["PacketPrimitives", "RateControl"]),
        .target(name: "ErasureCoding", dependencies: ["PacketPrimitives", "CIsal", "CPacketKernels"]),
        .target(name: "Ciphers", dependencies: ["PacketPrimitives", "CGcrypt", "CIsal", "CPacketKernels"]),
        .target(name: "Smux", dependencies: ["PacketPrimitives"]),
        .target(name: "SnappyFraming", dependencies: ["PacketPrimitives", "CSnappy", "CIsal", "CPacketKernels"]),
        .target(name: "FakeTCP", dependencies: ["PacketPrimitives"]),
        .target(
            name: "TunnelCore",
            dependencies: [
                "PacketPrimitives", "RateControl", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming",
            ]),
        .target(
            name: "NetworkSimulation",
            dependencies: [
                "PacketPrimitives", "RateControl", "TunnelCore", "KCP", "ErasureCoding", "Ciphers", "Smux",
                "SnappyFraming",
            ]),

        // The I/O half.
        .target(name: "DatagramIO", dependencies: ["PacketPrimitives", "FakeTCP", "CDatagramSyscalls"]),
        .target(
            name: "TunnelRuntime",
            dependencies: [
                "PacketPrimitives", "RateControl", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming",
                "TunnelCore", "DatagramIO", "FakeTCP",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "LinkRelay",
            dependencies: ["PacketPrimitives", "NetworkSimulation", "DatagramIO", "CDatagramSyscalls"]),
        .target(
            name: "TunnelReporting",
            dependencies: [
                "PacketPrimitives", "RateControl", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming",
                "TunnelCore", "DatagramIO", "TunnelRuntime", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            resources: [
                .embedInCode("StatusPage/Resources/status.html"), .embedInCode("StatusPage/Resources/status.css"),
                .embedInCode("StatusPage/Resources/figures.js"), .embedInCode("StatusPage/Resources/status.js"),
            ]),

        // The commands.
        .target(
            name: "TunnelCommand",
            dependencies: [
                "PacketPrimitives", "RateControl", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming",
                "TunnelCore", "DatagramIO", "TunnelRuntime", "NetworkSimulation", "LinkRelay", "TunnelReporting",
                "CMalloc",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        .executableTarget(name: "kcptun-client", dependencies: ["TunnelCommand"]),
        .executableTarget(name: "kcptun-server", dependencies: ["TunnelCommand"]),
        .executableTarget(name: "kcptun", dependencies: ["TunnelCommand"]),

        // Costs per datagram of the layers, for scripts/check-budgets; see Benchmarks/README.md.
        .executableTarget(
            name: "tunnel-instructions",
            dependencies: [
                "PacketPrimitives", "RateControl", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming",
                "TunnelCore", "DatagramIO",
            ], path: "Benchmarks/Instructions"),

        // The workbench for bad links, in virtual time; see docs/links.md.
        .target(
            name: "LinkReport", dependencies: ["PacketPrimitives", "NetworkSimulation"],
            path: "Benchmarks/Links/Report"),
        .executableTarget(
            name: "tunnel-links",
            dependencies: [
                "NetworkSimulation", "LinkReport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Benchmarks/Links/Program"),

        // What fuzzing drives, and the programs that scripts/fuzz builds with libFuzzer; see CONTRIBUTING.md.
        .target(name: "FuzzSupport", dependencies: ["PacketPrimitives", "CFuzzer"], path: "Fuzzing/Support"),
        .target(
            name: "PacketFuzzing",
            dependencies: [
                "PacketPrimitives", "RateControl", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming",
                "FakeTCP",
                "TunnelCore", "CSnappy", "FuzzSupport", "TestSupport",
            ], path: "Fuzzing/Packets"),
        .target(
            name: "SettingsFuzzing",
            dependencies: [
                "PacketPrimitives", "TunnelCore", "DatagramIO", "TunnelRuntime", "TunnelReporting", "TunnelCommand",
                "FuzzSupport", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], path: "Fuzzing/Settings"),
        .executableTarget(
            name: "fuzz-packets", dependencies: ["PacketFuzzing", "FuzzSupport"], path: "Fuzzing/Programs/Packets"),
        .executableTarget(
            name: "fuzz-settings", dependencies: ["SettingsFuzzing", "FuzzSupport"], path: "Fuzzing/Programs/Settings"),

        // Tests, one target per source target.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "PacketPrimitivesTests", dependencies: ["PacketPrimitives"]),
        .testTarget(name: "RateControlTests", dependencies: ["RateControl", "PacketPrimitives"]),
        .testTarget(name: "KCPTests", dependencies: ["KCP", "RateControl", "PacketPrimitives", "TestSupport"]),
        .testTarget(name: "ErasureCodingTests", dependencies: ["ErasureCoding", "PacketPrimitives", "TestSupport"]),
        .testTarget(
            name: "CiphersTests",
            dependencies: ["Ciphers", "CGcrypt", "CPacketKernels", "PacketPrimitives", "TestSupport"]),
        .testTarget(name: "SmuxTests", dependencies: ["Smux", "PacketPrimitives", "TestSupport"]),
        .testTarget(name: "SnappyFramingTests", dependencies: ["SnappyFraming", "PacketPrimitives", "TestSupport"]),
        .testTarget(
            name: "TunnelCoreTests",
            dependencies: [
                "TunnelCore", "KCP", "ErasureCoding", "Ciphers", "Smux", "SnappyFraming", "NetworkSimulation",
                "PacketPrimitives", "TestSupport",
            ]),
        .testTarget(
            name: "NetworkSimulationTests",
            dependencies: [
                "NetworkSimulation", "TunnelCore", "KCP", "Ciphers", "Smux", "PacketPrimitives", "TestSupport",
            ]),
        .testTarget(name: "LinkReportTests", dependencies: ["LinkReport", "NetworkSimulation"]),
        .testTarget(name: "FakeTCPTests", dependencies: ["FakeTCP", "CDatagramSyscalls", "PacketPrimitives"]),
        .testTarget(
            name: "DatagramIOTests", dependencies: ["DatagramIO", "FakeTCP", "PacketPrimitives", "TestSupport"]),
        .testTarget(name: "LinkRelayTests", dependencies: ["LinkRelay", "NetworkSimulation", "PacketPrimitives"]),
        .testTarget(
            name: "TunnelRuntimeTests",
            dependencies: [
                "TunnelRuntime", "TunnelCore", "DatagramIO", "Ciphers", "RateControl", "KCP", "Smux", "SnappyFraming",
                "PacketPrimitives", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "TunnelReportingTests",
            dependencies: [
                "TunnelReporting", "TunnelRuntime", "TunnelCore", "DatagramIO", "PacketPrimitives", "KCP",
                "ErasureCoding",
                "Smux", "Ciphers", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "TunnelCommandTests",
            dependencies: [
                "TunnelCommand", "TunnelRuntime", "TunnelCore", "NetworkSimulation", "Ciphers", "KCP", "ErasureCoding",
                "Smux", "TunnelReporting", "DatagramIO", "PacketPrimitives",
                "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
            ]),
        // The fuzzing targets, with the inputs that were found and with others.
        .testTarget(
            name: "FuzzingTests", dependencies: ["FuzzSupport", "PacketFuzzing", "SettingsFuzzing", "TestSupport"]),
        // What is generated from the options, and pages and examples that speak of them.
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "TunnelCommand", "TunnelRuntime", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "LinkRelay", "NetworkSimulation", "PacketPrimitives", "Ciphers", "KCP", "Smux", "SnappyFraming",
                "CGcrypt",
                "TestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11
)

#if os(Linux)
    // The same links over real sockets: needs /proc, and network namespaces where TCP is compared.
    package.targets += [
        .target(name: "BenchmarkSupport", path: "Benchmarks/Support"),
        .target(name: "CNetworkNamespace", path: "Benchmarks/Links/CNetworkNamespace"),
        .target(
            name: "LinkRig",
            dependencies: [
                "BenchmarkSupport", "CNetworkNamespace", "LinkRelay", "LinkReport", "NetworkSimulation",
                "PacketPrimitives", "TunnelCore", "DatagramIO",
            ], path: "Benchmarks/Links/Rig"),
        .executableTarget(
            name: "tunnel-link-rig",
            dependencies: [
                "BenchmarkSupport", "LinkRig", "LinkReport", "NetworkSimulation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Benchmarks/Links/RigProgram"),
        .testTarget(
            name: "LinkRigTests",
            dependencies: [
                "LinkRig", "LinkReport", "BenchmarkSupport", "NetworkSimulation", "PacketPrimitives", "TunnelCore",
            ]),
    ]
#endif

for target in package.targets where ![.system, .plugin].contains(target.type) {
    var settings: [SwiftSetting] = [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableExperimentalFeature("Lifetimes"), .treatAllWarnings(as: .error),
    ]
    // The test library's macros expand to code that the strict mode complains about.
    let isTestCode = target.type == .test || target.name == "TestSupport" || target.path?.hasPrefix("Fuzzing/") == true
    if !isTestCode { settings.append(.strictMemorySafety()) }
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
