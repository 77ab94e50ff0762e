import Glibc
import PacketPrimitives

// What the inner half costs, without the system. See Benchmarks/README.md.

let usage = """
    usage: tunnel-instructions cases                 names of the cases with a budget
           tunnel-instructions carry CASE COUNT      carries COUNT full datagrams; for valgrind
           tunnel-instructions layers [TEXT]         nanoseconds per datagram of the layers whose name holds TEXT
    """

func fail(_ text: String) -> Never {
    print(text)
    exit(2)
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "cases":
    for budgetCase in BudgetCase.all { print(budgetCase.name) }
case "carry":
    guard arguments.count == 3, let count = Int(arguments[2]), count > 0,
        let budgetCase = BudgetCase.all.first(where: { $0.name == arguments[1] })
    else { fail(usage) }
    var pair = try SessionPair(budgetCase)
    pair.carry(datagramCount: count)
case "layers":
    let timings = LayerTimings(filter: arguments.count > 1 ? arguments[1] : "")
    try timings.run()
default:
    fail(usage)
}
