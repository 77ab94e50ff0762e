/// Whose habits a session has in what neither the wire format nor `SendingRules` decides.
package enum SessionHabits: Sendable {
    /// Ours: parity waits until the peer has shown that it reads it, frames go into the conversation in batches, and the
    /// peer is told what we are.
    case standard
    /// The original's, so that simulations have its sender too: parity is sent from the beginning, the conversation is
    /// filled up to the send window whatever the peer's is and flushed after every frame (protocol 03 §3), nothing is
    /// said that it would not say, and no server follows its client. Never together with a path controller.
    case original
}
