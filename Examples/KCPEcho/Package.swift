// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "KCPEcho",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "swift-kcptun", path: "../.."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "KCPEcho",
            dependencies: [
                .product(name: "KCP", package: "swift-kcptun"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ])
    ]
)
