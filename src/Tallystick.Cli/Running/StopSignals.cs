using System.Runtime.InteropServices;

namespace Tallystick.Cli.Running;

/// <summary>
/// Turns the first signal to stop (Ctrl-C, a service's stop, a closed terminal) into a cancellation, so that the node
/// closes its book and takes leave of its peers. A second one ends the process the hard way.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <param name="ignoreInterrupt">
    /// For a node that lives behind another's terminal: Ctrl-C there is not meant for it.
    /// </param>
    public StopSignals(bool ignoreInterrupt = false)
    {
        PosixSignal[] ending = [PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        foreach (var signal in ending)
        {
            var ignore = ignoreInterrupt && signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT;
            registrations.Add(PosixSignalRegistration.Create(signal, context => On(context, ignore)));
        }
    }

    /// <summary>Cancelled when the program is to stop.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Stops for a reason that is no signal.</summary>
    public void Stop() => stop.Cancel();

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        stop.Dispose();
    }

    private void On(PosixSignalContext context, bool ignore)
    {
        context.Cancel = ignore || !stop.IsCancellationRequested;
        if (!ignore)
            stop.Cancel();
    }
}
