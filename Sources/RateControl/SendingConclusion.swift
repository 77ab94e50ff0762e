/// What the model lets the sender do until the next acknowledgements come.
struct SendingConclusion {
    /// How many bytes may be in flight.
    var window = 0.0
    /// Bytes per second.
    var pace = 0.0
    /// What the rate is multiplied by.
    var gain = 1.0
    /// Whether what leaves cannot be what fills the queue.
    var isBelowRate = false
}
