using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Running;

namespace Tallystick.Cli.Demo;

/// <summary>Alice and Bob on one computer: the story in one terminal, or each in a terminal of their own.</summary>
internal static class DemoRun
{
    private const int AlicePort = 5000;
    private const int BobPort = 5001;

    /// <summary>Alice in this process, Bob in another: the story, then Alice's shell with Bob alive.</summary>
    public static async Task<int> BothAsync(GivenFlags flags)
    {
        if (flags.Fresh)
            DemoBooks.Clear(flags);
        using var stop = new StopSignals();
        return await OneNode.UntilStoppedAsync(stop, async () =>
        {
            await using var alice = await DemoAlice.StartAsync(flags, stop.Token);
            return await OneNode.WhileTheBookHoldsAsync(alice.Host, stop, () => TellAsync(alice, flags, stop.Token));
        });
    }

    /// <summary>One of the two in this terminal; they find each other on two fixed ports.</summary>
    public static Task<int> OneAsync(string who, GivenFlags flags)
    {
        if (flags.Relays.Count > 0)
            return OverRelayAsync(who, flags);
        var (name, port, other, otherPort) = who.ToUpperInvariant() switch
        {
            "ALICE" => ("alice", AlicePort, "bob", BobPort),
            "BOB" => ("bob", BobPort, "alice", AlicePort),
            _ => throw new UsageException(
                $"The demo knows alice and bob, not \"{who}\"; over a relay (--relay HOST) any name will do."),
        };
        if (flags.Fresh)
            DemoBooks.Clear(flags);
        return OneNode.RunAsync(NodeSettings.ForDemo(flags, name, port, (other, $"127.0.0.1:{otherPort}")), flags);
    }

    /// <summary>One of several who meet at a relay, under any name.</summary>
    private static Task<int> OverRelayAsync(string who, GivenFlags flags)
    {
        var options = NodeSettings.ForRelayedDemo(flags, who);
        if (flags.Fresh)
            DemoBooks.Clear(options.DataFolder);
        Console.WriteLine($"A demo: whoever comes to {string.Join(" or ", options.Relays)} for it becomes your peer "
            + "without a question. For real debts use up, where nobody does.");
        return OneNode.RunAsync(options, flags);
    }

    private static async Task<int> TellAsync(DemoAlice alice, GivenFlags flags, CancellationToken stop)
    {
        using var told = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var hearing = alice.HearAsync(told.Token);
        await using var bob = new DemoBob(flags, alice.Listen);
        await bob.ComeAsync(stop);
        await alice.MeetAsync(bob, stop);
        var held = await new DemoStory(alice, bob, Console.Out).TellAsync(stop);
        await told.CancelAsync();
        await hearing;
        var left = await OneNode.ShellAsync(alice.Client, alice.Info.DataFolder, flags, stop);
        return held ? left : ExitCodes.Refused;
    }
}
