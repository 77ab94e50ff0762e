#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

let isRecovered = try ErasureCodingExample.run()
let areDelivered = try StreamsExample.run()
exit(isRecovered && areDelivered ? 0 : 1)
