import FuzzSupport
import SettingsFuzzing

FuzzProgram(SettingsFuzzing.targets).main()
