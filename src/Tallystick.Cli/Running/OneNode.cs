using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Shell;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Running;

/// <summary>One node in this process, with its shell in the foreground or without.</summary>
internal static class OneNode
{
    private const string TypedFile = "typed";

    /// <summary>Runs until the person leaves, the input ends or a signal stops it.</summary>
    public static async Task<int> RunAsync(NodeOptions options, GivenFlags flags)
    {
        using var stop = new StopSignals(ignoreInterrupt: OrphanGuard.IsAsked);
        try
        {
            await using var node = await NodeHost.StartAsync(options, stop.Token);
            using var client = NodeSearch.Connect(RunningNodes.At(options.DataFolder)!);
            return flags.Headless
                ? await StayAsync(client, stop)
                : await ShellAsync(client, options.DataFolder, flags, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
    }

    /// <summary>Lets a person talk to a node that runs already, until they leave.</summary>
    /// <param name="dataFolder">Where what was typed is kept.</param>
    public static async Task<int> ShellAsync(
        TallystickClient client, string dataFolder, GivenFlags flags, CancellationToken stop)
    {
        var options = ShellOptions.ForConsole(Path.Combine(dataFolder, TypedFile), flags.Plain);
        var code = await ShellSession.RunAsync(client, options, Console.In, Console.Out, Console.Error, stop);
        return stop.IsCancellationRequested ? ExitCodes.Ok : code;
    }

    private static async Task<int> StayAsync(TallystickClient client, StopSignals stop)
    {
        if (OrphanGuard.IsAsked)
            OrphanGuard.Watch(stop.Stop);
        var info = await client.GetNodeAsync(stop.Token);
        Console.WriteLine($"{info.Name} is up: {info.Fingerprint}, {(info.Listen is null ? "listens for no peers" : $"listens on {info.Listen}")}.");
        await Task.Delay(Timeout.Infinite, stop.Token);
        return ExitCodes.Ok;
    }
}
