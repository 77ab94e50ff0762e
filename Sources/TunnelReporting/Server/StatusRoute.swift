package import NIOHTTP1
import TunnelRuntime

/// What a request asks for.
package enum StatusRoute: Hashable, Sendable {
    case page
    case metrics
    case document
    case health
    case unknown(path: String)
    case badMethod

    package init(_ head: HTTPRequestHead) {
        guard head.method == .GET || head.method == .HEAD else {
            self = .badMethod
            return
        }
        self =
            switch Self.path(of: head.uri) {
            case "/": .page
            case "/metrics": .metrics
            case "/status.json": .document
            case "/healthz": .health
            case let path: .unknown(path: path)
            }
    }

    /// Without the query. A proxy may send a whole address.
    private static func path(of uri: String) -> String {
        var rest = uri.prefix { $0 != "?" && $0 != "#" }
        if rest.hasPrefix("http://") {
            rest = rest.dropFirst("http://".count).drop { $0 != "/" }
            if rest.isEmpty { return "/" }
        }
        return String(rest)
    }

    func answer(from source: StatusSource) async -> StatusAnswer {
        switch self {
        case .page: StatusPage.answer
        case .metrics:
            StatusAnswer(
                .ok, contentType: MetricsText.contentType,
                body: Array(MetricsText.render(await source.input()).utf8))
        case .document:
            StatusAnswer(.ok, contentType: "application/json", body: await source.document().bytes)
        case .health: Self.health(await source.input())
        case .unknown:
            StatusAnswer(.notFound, text: "Not found. There are /, /metrics, /status.json and /healthz.")
        case .badMethod:
            StatusAnswer(
                .methodNotAllowed, text: "Only GET and HEAD are answered here.", extraHeaders: [("Allow", "GET, HEAD")])
        }
    }

    /// Whether all loops have answered is found out by asking them.
    private static func health(_ input: MetricsInput) -> StatusAnswer {
        input.snapshot.loops.isEmpty
            ? StatusAnswer(.serviceUnavailable, text: "shutting down") : StatusAnswer(.ok, text: "ok")
    }
}
