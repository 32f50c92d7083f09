return Sinter.Cli.Commands.RootCommand.Run(args);
