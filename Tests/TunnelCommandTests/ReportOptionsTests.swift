import ArgumentParser
import Testing
import TunnelRuntime

@testable import TunnelCommand

@Suite struct ReportOptionsTests {
    private static func reports(_ arguments: [String]) throws -> ReportOptions {
        try ClientOptions.parse(arguments).shared.reports
    }

    @Test(
        arguments: [
            ([], nil, nil), (["--metrics=127.0.0.1:9100"], "127.0.0.1:9100", nil), (["--metrics=:9100"], ":9100", nil),
            (["--pprof"], nil, "127.0.0.1:6060"), (["--metrics=[::1]:1", "--pprof"], "[::1]:1", "127.0.0.1:6060"),
            (["--metrics=9100"], nil, nil), (["--metrics=/tmp/x"], nil, nil),
        ] as [([String], String?, String?)])
    func `where to listen`(arguments: [String], metrics: String?, profiles: String?) throws {
        let reports = try Self.reports(arguments)
        #expect(reports.statusAddress?.description == metrics)
        #expect(reports.profileAddress?.description == profiles)
    }
}
