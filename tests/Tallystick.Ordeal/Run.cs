using System.Diagnostics;
using System.Globalization;
using Tallystick.Ordeal.Calls;
using Tallystick.Ordeal.Chaos;
using Tallystick.Ordeal.Checking;
using Tallystick.Ordeal.Network;
using Tallystick.Ordeal.Nodes;

namespace Tallystick.Ordeal;

/// <summary>One run: nodes, callers, chaos, healing, and the proof.</summary>
internal sealed class Run : IAsyncDisposable
{
    private static readonly string[] Names = ["alice", "bob", "carol", "dave"];
    private static readonly Tender[] Tenders = [new("credits", 2), new("XRP", 6)];
    private readonly Settings settings;
    private readonly Machine machine;
    private readonly string folder;
    private readonly Random seeds;
    private readonly NodeNetwork network;
    private readonly List<NodeUnderTest> nodes = [];
    private readonly Dictionary<string, SmallDisk> disks = [];
    private readonly Dictionary<string, string> clocks = [];
    private readonly CancellationTokenSource broken;
    private readonly Callers callers;
    private readonly Trials trials;

    public Run(Settings settings, Machine machine, string folder, CancellationToken interrupted)
    {
        (this.settings, this.machine, this.folder) = (settings, machine, folder);
        seeds = new Random(settings.Seed);
        network = new NodeNetwork(machine.IsApart);
        broken = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        callers = new Callers(nodes, Tenders, Score, broken.Token);
        trials = new Trials(nodes, callers, network, Score, ProgramOf, broken.Token);
    }

    public Score Score { get; } = new();

    public string Books => Path.Combine(folder, "books");

    /// <summary>Does it all; what is broken comes as an exception or in the proof.</summary>
    public async Task<Proof> RunAsync()
    {
        try
        {
            await SetUpAsync();
            var calling = callers.RunAsync(seeds);
            await AllOrFirstFailureAsync([settings.Kills == 0 ? CalmAsync() : ChaosAsync()], [calling]);
            Say("healing");
            callers.Close();
            Mend();
            await calling;
            await HealAsync();
            await NoteBalancesAsync();
            await StopAllAsync();
        }
        finally
        {
            WriteCalls();
        }
        Say("checking");
        return BooksCheck.Run(Books);
    }

    public async ValueTask DisposeAsync()
    {
        await broken.CancelAsync();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
            foreach (var wire in node.Wires.Values)
                wire.Dispose();
        }
        foreach (var disk in disks.Values)
            disk.Keep();
        broken.Dispose();
    }

    private void Say(string what) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{Score.NowMs / 1000,5} s  {Score[Count.Kills],4} kills  {what}"));

    private string ProgramOf(NodeUnderTest node)
    {
        var isOld = settings.Previous is not null && Score[Count.Kills] < settings.Kills / 2
            && nodes.IndexOf(node) % 2 == 1;
        return Path.Combine(folder, isOld ? "previous" : "program");
    }

    private async Task SetUpAsync()
    {
        // Whoever builds meanwhile changes nothing here.
        CopyFolder(settings.Program, Path.Combine(folder, "program"));
        if (settings.Previous is not null)
            CopyFolder(settings.Previous, Path.Combine(folder, "previous"));
        network.Make();
        for (var i = 0; i < Names.Length; i++)
            nodes.Add(MakeNode(i));
        foreach (var node in nodes)
            await trials.StartAsync(node);
        await trials.UntilAsync("all tabs are open", () => nodes.TrueForAll(node =>
            Heads.Of(node).Newest.Count == 2 * Tenders.Length * (Names.Length - 1)));
        Say("all nodes are up, and every tab is open");
    }

    private NodeUnderTest MakeNode(int index)
    {
        var name = Names[index];
        var home = Path.Combine(Books, name);
        Directory.CreateDirectory(Books);
        var (address, prefix) = network.Add(name, index);
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (index == 2 && machine.FakeTime is { } library)
        {
            clocks[name] = Path.Combine(folder, "clock");
            File.WriteAllText(clocks[name], "+0");
            variables = Clocks.Variables(library, clocks[name]);
        }
        if (index == 3 && machine.IsApart)
            disks[name] = SmallDisk.Mount(home);
        var wires = Names.Where(other => other != name).ToDictionary(
            other => other, other => new Wire($"{name} to {other}", network.Hub), StringComparer.Ordinal);
        return new NodeUnderTest(
            new NodePlace(name, home, address, [.. Tenders.Select(t => t.Flag)], prefix, variables), wires);
    }

    private async Task ChaosAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(broken.Token);
        List<Task> rest = [TellAsync(end.Token)];
        rest.AddRange(Enumerable.Range(0, 2)
            .Select(_ => new LinkChaos(trials, new Random(seeds.Next())).RunAsync(end.Token)));
        var blows = nodes.ConvertAll(node => new NodeChaos(
            node, trials, new Random(seeds.Next()), disks.GetValueOrDefault(node.Name),
            clocks.GetValueOrDefault(node.Name), new OldBooks(node.Folder, Path.Combine(folder, "copies", node.Name)))
            .RunAsync(() => Score[Count.Kills] >= settings.Kills, broken.Token));
        await AllOrFirstFailureAsync([.. blows], rest);
        await end.CancelAsync();
        await Task.WhenAll(rest);
    }

    // Enough for a look at the books, and for the checker's own test.
    private Task CalmAsync() => Task.Delay(TimeSpan.FromSeconds(10), broken.Token);

    private async Task TellAsync(CancellationToken end)
    {
        using var every = new PeriodicTimer(TimeSpan.FromSeconds(15));
        try
        {
            while (await every.WaitForNextTickAsync(end))
            {
                Say(string.Create(CultureInfo.InvariantCulture,
                    $"{callers.Payments.Count:N0} payments asked, {Score[Count.Restores]} old books"));
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // There is nothing more to tell.
        }
    }

    /// <summary>Waits for all that have an end; the first of any that fails ends everything.</summary>
    private async Task AllOrFirstFailureAsync(IReadOnlyList<Task> ending, IReadOnlyList<Task> endless)
    {
        var left = ending.Concat(endless).ToList();
        while (left.Exists(ending.Contains))
        {
            var first = await Task.WhenAny(left);
            left.Remove(first);
            if (!first.IsCompletedSuccessfully)
            {
                await broken.CancelAsync();
                await first;
            }
        }
    }

    private void Mend()
    {
        foreach (var node in nodes)
        {
            network.Cable(node.Name, isIn: true);
            foreach (var wire in node.Wires.Values)
                wire.Set(WireState.Open);
        }
    }

    private async Task HealAsync()
    {
        await trials.UntilAsync("both halves of all tabs are equally long", () =>
        {
            if (nodes.Find(node => node.HasEnded) is { } ended)
                throw new OrdealFailedException($"{ended.Name} ended by itself. {ended.Process.Everything}");
            var heads = nodes.ConvertAll(Heads.Of);
            return heads.TrueForAll(one => heads.TrueForAll(one.Reach));
        });
        // Halves may be equally long while something still waits to be signed.
        var patience = Stopwatch.StartNew();
        foreach (var node in nodes)
        {
            foreach (var payment in callers.Payments.Where(p => p.From == node))
            {
                var state = await StateOfAsync(node, payment);
                while (state is CallsCheck.Queued or CallsCheck.Sent && patience.Elapsed < Trials.Patience)
                {
                    await Task.Delay(50, broken.Token);
                    state = await StateOfAsync(node, payment);
                }
                payment.NoteFinal(state);
            }
        }
    }

    private static async Task<string> StateOfAsync(NodeUnderTest node, Payment payment)
    {
        var answer = await node.Api.GetAsync($"/api/payments/{payment.Request}");
        return answer.Status == 404 ? CallsCheck.Unknown : answer.Text("state")
            ?? throw new OrdealFailedException(
                $"{node.Name} said {answer.Status} about {payment.Request}: {answer.Body}");
    }

    private async Task NoteBalancesAsync()
    {
        var said = new List<SaidBalance>();
        foreach (var node in nodes)
        {
            var answer = await node.Api.GetAsync("/api/balances");
            foreach (var tab in answer.Body!["tabs"]!.AsArray())
            {
                said.Add(new SaidBalance(
                    node.Name, tab!["peer"]!.GetValue<string>(), tab["asset"]!.GetValue<string>(),
                    tab["balance"]!.GetValue<string>()));
            }
            var verified = await node.Api.GetAsync("/api/verify");
            if (verified.Body?["matches"]?.GetValue<bool>() != true)
                throw new OrdealFailedException($"{node.Name} says of itself: {verified.Body}");
        }
        Records.WriteBalances(Books, said);
    }

    private async Task StopAllAsync()
    {
        foreach (var node in nodes)
        {
            if (await node.StopAsync() is not 0 and var code)
            {
                throw new OrdealFailedException(
                    $"{node.Name} was closed and ended with {code}. {node.Process.Everything}");
            }
        }
    }

    private void WriteCalls()
    {
        if (Directory.Exists(Books))
            Records.WriteCalls(Books, callers.Payments.Select(payment => payment.AsCall()));
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
