import PacketPrimitives
import TunnelCore

/// What both ends of a run share.
struct FaultScene {
    let plan: FaultPlan
    let network: FaultedNetwork
    let registry: StreamRegistry
    let findings: FindingList
    let watch: SessionWatch
    let start: Instant
    let sabotage: Sabotage?

    func application(_ role: TunnelRole, conversation: UInt32) -> ScriptedApplication {
        ScriptedApplication(
            role: role, conversation: conversation, registry: self.registry, findings: self.findings,
            sabotage: self.sabotage)
    }
}
