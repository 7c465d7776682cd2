using Tallystick.Ordeal.Nodes;

namespace Tallystick.Ordeal.Chaos;

/// <summary>What can happen to a node.</summary>
internal enum Blow
{
    Kill,
    KillWhileStarting,
    KillInFlood,
    Stop,
    TakeCopy,
    PutOldBookBack,
    FillDisk,
    JumpClock,
}

/// <summary>Everything that is done to one node, from a deck of blows that is shuffled anew when used up.</summary>
internal sealed class NodeChaos(
    NodeUnderTest node, Trials trials, Random random, SmallDisk? disk, string? clockFile, OldBooks books)
{
    private readonly List<Blow> deck = [];
    private int dealt;

    /// <summary>Goes on until enough was killed and every blow was dealt once.</summary>
    public async Task RunAsync(Func<bool> isEnough, CancellationToken broken)
    {
        Shuffle();
        var first = deck.Count;
        for (; dealt < first || !isEnough(); dealt++)
        {
            await Task.Delay(random.Next(8) == 0 ? random.Next(4000) : random.Next(1000), broken);
            ThrowIfEnded();
            if (deck.Count == 0)
                Shuffle();
            var blow = deck[^1];
            deck.RemoveAt(deck.Count - 1);
            await DealAsync(blow, broken);
        }
        ThrowIfEnded();
    }

    private void ThrowIfEnded()
    {
        if (node.HasEnded)
            throw new OrdealFailedException($"{node.Name} ended by itself. {node.Process.Everything}");
    }

    private void Shuffle()
    {
        deck.AddRange(Enumerable.Repeat(Blow.Kill, 6));
        deck.AddRange(Enumerable.Repeat(Blow.KillInFlood, 3));
        deck.AddRange([Blow.KillWhileStarting, Blow.Stop, Blow.Stop, Blow.TakeCopy, Blow.PutOldBookBack]);
        if (disk is not null)
            deck.Add(Blow.FillDisk);
        if (clockFile is not null)
            deck.AddRange([Blow.JumpClock, Blow.JumpClock]);
        for (var i = deck.Count - 1; i > 0; i--)
        {
            var other = random.Next(i + 1);
            (deck[i], deck[other]) = (deck[other], deck[i]);
        }
    }

    private async Task DealAsync(Blow blow, CancellationToken broken)
    {
        switch (blow)
        {
            case Blow.Kill:
                await KillAsync();
                await StayDownAsync(broken);
                await trials.StartAsync(node);
                break;
            case Blow.KillWhileStarting:
                await KillAsync();
                trials.Spawn(node);
                await Task.Delay(random.Next(900), broken);
                await KillAsync();
                trials.Score.Add(Count.KillsWhileStarting);
                await trials.StartAsync(node);
                break;
            case Blow.KillInFlood:
                var flood = trials.Callers.FloodAsync(node, random, random.Next(50, 200));
                await Task.Delay(random.Next(200), broken);
                await KillAsync();
                trials.Score.Add(Count.KillsInFloods);
                await StayDownAsync(broken);
                await trials.StartAsync(node);
                await flood;
                break;
            case Blow.Stop:
                await node.StopForAsync(TimeSpan.FromMilliseconds(random.Next(100, random.Next(6) == 0 ? 8000 : 1500)));
                trials.Score.Add(Count.Stops);
                break;
            case Blow.TakeCopy:
                TakeCopy();
                break;
            case Blow.PutOldBookBack:
                await PutOldBookBackAsync(broken);
                break;
            case Blow.FillDisk:
                await FillDiskAsync(broken);
                break;
            default:
                await File.WriteAllTextAsync(clockFile!, Clocks.Jump(random), broken);
                trials.Score.Add(Count.ClockJumps);
                break;
        }
    }

    private async Task KillAsync()
    {
        await node.KillAsync();
        trials.Score.Add(Count.Kills);
    }

    private Task StayDownAsync(CancellationToken broken) =>
        random.Next(3) == 0 ? Task.CompletedTask : Task.Delay(random.Next(2000), broken);

    private void TakeCopy()
    {
        books.Take(trials.Score.NowMs);
        trials.Score.Add(Count.Backups);
    }

    // As docs/OPERATIONS.md says: the old book is started offline, what was cancelled since is cancelled
    // again, and callers ask again for what nobody confirmed. One node at a time, until it has everything back.
    private async Task PutOldBookBackAsync(CancellationToken broken)
    {
        if (!books.Any)
            TakeCopy();
        if (!await trials.OneRestore.WaitAsync(TimeSpan.Zero, broken))
        {
            // Another node's turn: it is put back, and does not count.
            deck.Insert(0, Blow.PutOldBookBack);
            dealt--;
            return;
        }
        try
        {
            await Task.Delay(random.Next(500, 2500), broken);
            ThrowIfEnded();
            await KillAsync();
            await node.Rest.BeginAsync();
            node.IsCatchingUp = true;
            var sinceMs = books.PutBack(random);
            await trials.StartOfflineAsync(node);
            var asking = trials.AskAgainAfterRestoreAsync(node, sinceMs, random);
            node.Rest.End();
            await asking;
            var others = trials.Nodes.Where(other => other != node).Select(Heads.Of).ToList();
            await KillAsync();
            await trials.StartAsync(node);
            await trials.UntilAsync($"{node.Name} has got its pages back", () =>
            {
                ThrowIfEnded();
                var mine = Heads.Of(node);
                return others.TrueForAll(mine.Reach);
            });
            node.IsCatchingUp = false;
            trials.Score.Add(Count.Restores);
        }
        finally
        {
            trials.OneRestore.Release();
        }
    }

    private async Task FillDiskAsync(CancellationToken broken)
    {
        disk!.Fill(random.Next(0, 40));
        trials.Score.Add(Count.DisksFull);
        // Somebody has to want to write, else a full disk is no trouble.
        var flood = trials.Callers.FloodAsync(node, random, 200);
        var until = trials.Score.NowMs + 6000;
        while (!node.HasEnded && trials.Score.NowMs < until)
            await Task.Delay(20, broken);
        if (node.HasEnded)
        {
            var code = await node.Process.EndAsync();
            if (code != 1 || node.Process.Errors.Trim().Length == 0)
                throw EndedBadly(code);
            trials.Score.Add(Count.DisksFullEnded);
            await TryToStartAsync(broken);
        }
        else
        {
            await KillAsync();
        }
        disk.MakeRoom();
        await trials.StartAsync(node);
        await flood;
    }

    // On a disk that is still full it may say that it cannot, or run; then it is killed.
    private async Task TryToStartAsync(CancellationToken broken)
    {
        trials.Spawn(node);
        await Task.Delay(random.Next(500, 2500), broken);
        if (!node.HasEnded)
        {
            await KillAsync();
            return;
        }
        var code = await node.Process.EndAsync();
        if (code != 1)
            throw EndedBadly(code);
    }

    private OrdealFailedException EndedBadly(int code) =>
        new($"{node.Name} ended with {code} on a full disk. {node.Process.Everything}");
}
