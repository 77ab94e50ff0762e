import FuzzSupport
import PacketFuzzing

FuzzProgram(PacketFuzzing.targets).main()
