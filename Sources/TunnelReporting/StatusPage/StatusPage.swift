import NIOHTTP1

/// The page for people: one document with everything in it. What it shows it gets from `status.json`.
enum StatusPage {
    /// The page, allowed by its own policy to run its own script and nothing else.
    static var answer: StatusAnswer {
        let nonce = Self.makeNonce()
        let html = Self.template.replacing("{{nonce}}", with: nonce)
        return StatusAnswer(
            .ok, contentType: "text/html; charset=utf-8",
            extraHeaders: [("Content-Security-Policy", Self.policy(nonce: nonce))], body: Array(html.utf8))
    }

    static func policy(nonce: String) -> String {
        [
            "default-src 'none'", "script-src 'nonce-\(nonce)'", "style-src 'nonce-\(nonce)'", "connect-src 'self'",
            "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// The document with its style and script in it.
    private static let template = Self.text(PackageResources.status_html)
        .replacing("{{style}}", with: Self.text(PackageResources.status_css))
        .replacing("{{script}}", with: Self.text(PackageResources.figures_js) + Self.text(PackageResources.status_js))

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A word that nobody can guess, new for each answer.
    private static func makeNonce() -> String {
        var random = SystemRandomNumberGenerator()
        return String(random.next(), radix: 36) + String(random.next(), radix: 36)
    }
}
