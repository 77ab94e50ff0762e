import NIOHTTP1

/// A response, complete.
struct StatusAnswer: Sendable {
    var status: HTTPResponseStatus
    var contentType: String
    var extraHeaders: [(String, String)] = []
    var body: [UInt8]

    init(_ status: HTTPResponseStatus, contentType: String, extraHeaders: [(String, String)] = [], body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.extraHeaders = extraHeaders
        self.body = body
    }

    /// A line of text.
    init(_ status: HTTPResponseStatus, text: String, extraHeaders: [(String, String)] = []) {
        self.init(
            status, contentType: "text/plain; charset=utf-8", extraHeaders: extraHeaders, body: Array("\(text)\n".utf8))
    }

    /// With what belongs to every answer: figures are about now, and nobody should guess what they are.
    func head(version: HTTPVersion, keepsAlive: Bool) -> HTTPResponseHead {
        var headers = HTTPHeaders([
            ("Content-Type", self.contentType), ("Content-Length", String(self.body.count)),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
        ])
        for (name, value) in self.extraHeaders { headers.add(name: name, value: value) }
        headers.add(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
        return HTTPResponseHead(version: version, status: self.status, headers: headers)
    }
}
