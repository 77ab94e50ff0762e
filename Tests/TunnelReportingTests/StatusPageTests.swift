import Testing

@testable import TunnelReporting

@Suite struct StatusPageTests {
    private static let html = String(decoding: StatusPage.answer.body, as: UTF8.self)

    @Test func `the page is one document, complete`() {
        #expect(Self.html.hasPrefix("<!DOCTYPE html>") && Self.html.hasSuffix("</html>\n"))
        #expect(!Self.html.contains("{{"))
        #expect(Self.html.contains("function poll") && Self.html.contains("prefers-color-scheme"))
    }

    @Test func `nothing comes from elsewhere`() {
        let text = Self.html.replacing("http://www.w3.org/2000/svg", with: "")
        #expect(!text.contains("//www") && !text.contains("http://") && !text.contains("https://"))
        #expect(!text.contains("@import") && !text.contains("url("))
    }

    @Test func `nothing that a program sends becomes markup`() {
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            #expect(!Self.html.contains(word))
        }
    }

    @Test func `the policy allows the page's own script and style only`() throws {
        let answer = StatusPage.answer
        let policy = try #require(answer.extraHeaders.first { $0.0 == "Content-Security-Policy" }).1
        let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([a-z0-9]+)'/)).1
        #expect(String(decoding: answer.body, as: UTF8.self).contains("<script nonce=\"\(nonce)\">"))
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
        let other = try #require(StatusPage.answer.extraHeaders.first).1
        #expect(other != policy)
    }

    @Test func `every part that the script fills in is there`() {
        for match in Self.html.matches(of: /byId\("([a-z-]+)"\)/) {
            #expect(Self.html.contains("id=\"\(match.1)\""), "\(match.1)")
        }
    }
}
