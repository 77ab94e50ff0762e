/// Why the demo has no result.
enum DemoError: Error, Hashable, CustomStringConvertible {
    case cutOff(DemoDirection)
    case wrongEcho
    case timedOut(seconds: Int)

    var description: String {
        switch self {
        case .cutOff(let direction): "the connection of the file on its way \(direction) was cut off"
        case .wrongEcho: "the echo of a ping is not what was sent"
        case .timedOut(let seconds):
            "not finished after \(seconds) s: choose a smaller --size or a higher --rate, or run it on an idle machine"
        }
    }
}
