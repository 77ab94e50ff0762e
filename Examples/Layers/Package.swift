// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Layers",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-kcptun", path: "../..")],
    targets: [
        .executableTarget(
            name: "Layers",
            dependencies: [
                .product(name: "ErasureCoding", package: "swift-kcptun"),
                .product(name: "Smux", package: "swift-kcptun"),
                .product(name: "SnappyFraming", package: "swift-kcptun"),
            ])
    ]
)
