import NIOHTTP1
import Testing

@testable import TunnelReporting

@Suite struct StatusRouteTests {
    private static func route(_ method: HTTPMethod, _ uri: String) -> StatusRoute {
        StatusRoute(HTTPRequestHead(version: .http1_1, method: method, uri: uri))
    }

    @Test(
        arguments: [
            ("/", .page), ("/?x=1", .page), ("/metrics", .metrics), ("/metrics?name[]=a", .metrics),
            ("/status.json", .document), ("/healthz", .health), ("http://host:1/metrics", .metrics),
            ("http://host", .page),
            ("/metrics/", .unknown(path: "/metrics/")), ("", .unknown(path: "")), ("*", .unknown(path: "*")),
            ("/../etc/passwd", .unknown(path: "/../etc/passwd")),
        ] as [(String, StatusRoute)])
    func `a path has an answer`(uri: String, route: StatusRoute) {
        #expect(Self.route(.GET, uri) == route)
        #expect(Self.route(.HEAD, uri) == route)
    }

    @Test(arguments: [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS, .CONNECT, .TRACE, .RAW(value: "BREW")])
    func `other methods are refused`(method: HTTPMethod) {
        #expect(Self.route(method, "/") == .badMethod)
    }
}
