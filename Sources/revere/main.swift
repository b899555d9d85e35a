// The executable: everything is in CommandLineTool.

import CommandLineTool

RevereProgram.run(Array(CommandLine.arguments.dropFirst()))
