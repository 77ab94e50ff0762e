extension Double {
    /// Three significant figures, without a power of ten.
    var brief: String {
        switch abs(self) {
        case 99.95...: "\(Int(rounded()))"
        case 9.995...: fixed(1)
        default: fixed(2)
        }
    }

    func fixed(_ places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((abs(self) * Double(scale)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let fraction = "\(scaled % scale)"
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
