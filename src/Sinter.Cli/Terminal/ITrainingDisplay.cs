using Sinter.Training;

namespace Sinter.Cli.Terminal;

/// <summary>Shows a run in the terminal. Disposing shows the last state and, once the run has ended, how to go on.</summary>
internal interface ITrainingDisplay : ITrainingListener, IDisposable;
