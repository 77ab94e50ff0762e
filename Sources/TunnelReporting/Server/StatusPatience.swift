package import NIOCore

/// How long the status server waits for those who ask, and for the event loops.
package struct StatusPatience: Sendable {
    /// From the connection to its first request.
    package var firstRequest = TimeAmount.seconds(10)
    /// Between two requests.
    package var idle = TimeAmount.seconds(75)
    /// For taking an answer.
    package var write = TimeAmount.seconds(30)
    /// How long the event loops may think about an answer.
    package var answer = TimeAmount.seconds(3)

    package init() {}
}
