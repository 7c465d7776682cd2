using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Sentences;
using Tallystick.Cli.Shell;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Running;

/// <summary>One node in this process, with its shell in the foreground or without.</summary>
internal static class OneNode
{
    private const string TypedFile = "typed";

    /// <summary>Runs until the person leaves, the input ends, a signal stops it or the book fails.</summary>
    /// <param name="first">What the shell does first, or null.</param>
    public static async Task<int> RunAsync(NodeOptions options, GivenFlags flags, Command? first = null)
    {
        using var stop = new StopSignals(ignoreInterrupt: OrphanGuard.IsAsked);
        return await UntilStoppedAsync(stop, async () =>
        {
            await using var node = await NodeHost.StartAsync(options, stop.Token);
            using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
            return await WhileTheBookHoldsAsync(node, stop, () => flags.Headless
                ? StayAsync(node, stop)
                : ShellAsync(client, options.DataFolder, flags, stop.Token, first));
        });
    }

    /// <summary>Does something that a signal may end at any moment, which is a good end.</summary>
    public static async Task<int> UntilStoppedAsync(StopSignals stop, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
    }

    /// <summary>Ends with 1 and one sentence when the node can write its book no more.</summary>
    public static async Task<int> WhileTheBookHoldsAsync(NodeHost node, StopSignals stop, Func<Task<int>> run)
    {
        _ = StopWithAsync(node, stop);
        var code = await UntilStoppedAsync(stop, run);
        if (node.Stopped is not { IsCompletedSuccessfully: true, Result: { } why })
            return code;
        try
        {
            Console.Error.WriteLine(
                $"The book can no longer be written ({why.Message.TrimEnd('.')}), so the node has stopped; "
                    + "what it had accepted is kept.");
        }
        catch (IOException)
        {
            // The error output may lie on the same full disk; the code still tells.
        }

        return ExitCodes.Refused;
    }

    /// <summary>Lets a person talk to a node that runs already, until they leave.</summary>
    /// <param name="client">Talks to it.</param>
    /// <param name="dataFolder">Where what was typed is kept.</param>
    /// <param name="flags">How to look.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="first">What is done first, or null.</param>
    public static async Task<int> ShellAsync(
        TallystickClient client, string dataFolder, GivenFlags flags, CancellationToken stop, Command? first = null)
    {
        var options = ShellOptions.ForConsole(Path.Combine(dataFolder, TypedFile), flags.Plain) with { First = first };
        var code = await ShellSession.RunAsync(client, options, Console.In, Console.Out, Console.Error, stop);
        return stop.IsCancellationRequested ? ExitCodes.Ok : code;
    }

    private static async Task StopWithAsync(NodeHost node, StopSignals stop)
    {
        if (await node.Stopped is not null)
            stop.Stop();
    }

    // The node is asked itself: its API may be busy with as many callers as it takes.
    private static async Task<int> StayAsync(NodeHost node, StopSignals stop)
    {
        if (OrphanGuard.IsAsked)
            OrphanGuard.Watch(stop.Stop);
        var where = node switch
        {
            { IsOffline: true } => "offline: it calls nobody, and nobody can call it",
            { ListenEndPoint: { } heard } => $"listens {NoticeSentences.Where(heard.ToString())}",
            _ => "listens for no peers",
        };
        Console.WriteLine($"{node.Name} is up: {node.Fingerprint}, {where}.");
        // Whoever reads a service's log is not yet its owner: the link that signs in is whoami's to tell.
        if (node.HasRooms)
            Console.WriteLine($"Rooms for two people are at {node.PagesUrl}rooms.");
        if (node.PagesUrl is not null)
            Console.WriteLine($"Its pages are at {node.PagesUrl}; whoami tells the link that signs in.");
        await Task.Delay(Timeout.Infinite, stop.Token);
        return ExitCodes.Ok;
    }
}
