// swift-tools-version: 6.2
import PackageDescription

// A package of its own: who builds swift-kcptun does not build its load generator.
// The instruction counts (folder Instructions) belong to the main package, whose inner half they drive.
let package = Package(
    name: "swift-kcptun-benchmarks",
    platforms: [.macOS(.v15)],
    targets: [
        // Shared with the main package, which measures links with it.
        .target(name: "BenchmarkSupport", path: "Support"),
        .executableTarget(name: "tunnel-benchmark", dependencies: ["BenchmarkSupport"], path: "Comparison"),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
    ]
}
