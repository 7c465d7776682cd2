using System.Diagnostics;
using System.Globalization;
using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Running;
using Tallystick.Cli.Shell;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Demo;

/// <summary>
/// Many nodes on one computer: every two become peers by invitation, all pay all, and every tab is proven.
/// </summary>
internal sealed class CrowdRun : IAsyncDisposable
{
    /// <summary>More nodes than this have more tabs than anybody reads of.</summary>
    public const int Most = 20;

    private const int Rounds = 5;
    private const int WaitMs = 30_000;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Names =
    [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy",
        "kim", "liam", "mona", "nils", "olga", "paul", "quinn", "rosa", "sam", "tina",
    ];

    private readonly List<CrowdNode> nodes = [];
    private readonly TextWriter screen = Console.Out;
    private bool holds = true;

    public static async Task<int> RunAsync(int count, GivenFlags flags)
    {
        using var stop = new StopSignals();
        return await OneNode.UntilStoppedAsync(stop, async () =>
        {
            await using var crowd = new CrowdRun();
            await crowd.TellAsync(count, flags, stop.Token);
            return crowd.holds ? ExitCodes.Ok : ExitCodes.Refused;
        });
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));

    private async Task TellAsync(int count, GivenFlags flags, CancellationToken stop)
    {
        foreach (var name in Names.Take(count))
        {
            // Nothing of them is kept, so every run begins at zero.
            var options = NodeSettings.ForDemo(flags, name, port: 0) with
            {
                WebPort = 0,
                Temporary = true,
                DataFolder = DataFolders.Of(flags with { Temp = true }, name),
            };
            nodes.Add(new CrowdNode(await NodeHost.StartAsync(options, stop)));
        }
        var pairs = Pairs.ToList();
        screen.WriteLine($"{count} nodes are up, each with a key, a book and a port of its own.");
        await MeetAsync(pairs, stop);

        var isLive = !flags.Plain && !Console.IsOutputRedirected && !ShellOptions.IsPlainTerminal();
        var table = new CrowdTable(nodes, screen, isLive);
        screen.WriteLine($"Now each pays each of the others {Rounds} times:");
        var watch = Stopwatch.StartNew();
        var paying = Task.WhenAll(nodes.Select(node => PayAllAsync(node, stop)));
        while (!paying.IsCompleted)
        {
            await table.DrawAsync(last: false, stop);
            await Task.WhenAny(paying, Task.Delay(Glance, stop));
        }
        await paying;
        var seconds = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        await table.DrawAsync(last: true, stop);
        screen.WriteLine($"{nodes.Sum(node => node.Paid)} payments were delivered in {seconds} s.");
        await ProveAsync(pairs, stop);
    }

    private IEnumerable<(CrowdNode One, CrowdNode Other)> Pairs =>
        nodes.SelectMany((one, index) => nodes.Skip(index + 1).Select(other => (one, other)));

    private async Task MeetAsync(List<(CrowdNode One, CrowdNode Other)> pairs, CancellationToken stop)
    {
        foreach (var (one, other) in pairs)
            Expect(await one.MeetAsync(other, WaitMs, stop), $"{other.Name} did not join {one.Name}");
        screen.WriteLine($"One invited, the other joined, {pairs.Count} times: every two of them are peers.");
    }

    private async Task PayAllAsync(CrowdNode payer, CancellationToken stop)
    {
        var others = nodes.Where(node => node != payer).ToList();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var (payee, index) in others.Select((payee, index) => (payee, index)))
            {
                var amount = $"{round}.{(nodes.IndexOf(payer) * 7 + index * 3) % 100:00}";
                Expect(
                    await payer.PayAsync(payee, amount, WaitMs, stop),
                    $"{payer.Name}'s {amount} did not reach {payee.Name}");
            }
        }
    }

    /// <summary>Both nodes of a pair check every page of both halves; then their balances are compared.</summary>
    private async Task ProveAsync(List<(CrowdNode One, CrowdNode Other)> pairs, CancellationToken stop)
    {
        var proofs = new Dictionary<(string Owner, string Peer), TabProof>();
        foreach (var node in nodes)
        {
            foreach (var proof in (await node.Client.VerifyAsync(peer: null, stop)).Tabs)
                proofs[(node.Name, proof.Peer)] = proof;
        }
        var matching = pairs.Count(pair => Match(proofs, pair.One.Name, pair.Other.Name));
        Expect(matching == pairs.Count, $"only {matching} of {pairs.Count} tabs match");
        var signatures = proofs.Values.Sum(proof => proof.Signatures);
        if (holds)
            screen.WriteLine($"All {matching} tabs match: {signatures} signatures were checked, from both sides.");
    }

    private bool Match(Dictionary<(string Owner, string Peer), TabProof> proofs, string one, string other)
    {
        var both = proofs.TryGetValue((one, other), out var mine) & proofs.TryGetValue((other, one), out var theirs);
        var match = both && mine!.Matches && theirs!.Matches && Units(mine) == -Units(theirs);
        Expect(match, $"the halves of {one} and {other} do not match");
        return match;
    }

    private static decimal Units(TabProof proof) => decimal.Parse(proof.Balance, CultureInfo.InvariantCulture);

    private void Expect(bool held, string otherwise)
    {
        if (held)
            return;
        holds = false;
        screen.WriteLine($"This did not hold: {otherwise}.");
    }
}
