using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Loop;

/// <summary>
/// Random histories in which tabs freeze again and again: wishes, bad pages, yeses, cuts, crashes and old backups of
/// one side. Then the people go on until nothing is frozen.
/// </summary>
internal sealed class ResetChaos(Random random)
{
    private readonly LoopPair pair = new();
    private readonly List<(Party By, RequestId Id, long Units)> wishes = [];
    private readonly Party restored = (Party)random.Next(2);
    private LoopDisk? backup;

    /// <summary>How often the tab was reset.</summary>
    public long Run()
    {
        for (var step = 0; step < 400; step++)
            Step((Party)random.Next(2));
        foreach (var node in new[] { pair.A, pair.B })
        {
            if (!node.IsRunning)
                node.Start();
        }
        pair.Cut();
        pair.Settle();
        for (var i = 0; i < 10; i++)
        {
            foreach (var node in new[] { pair.A, pair.B })
            {
                if (node.CouldReset)
                    node.ConfirmReset();
                pair.Settle();
            }
        }
        Check();
        return pair.A.State.Era.Number;
    }

    private void Step(Party party)
    {
        var node = pair.Node(party);
        switch (random.Next(16))
        {
            case 0 or 1 when node.IsRunning:
                var units = random.Next(1, 100);
                wishes.Add((party, pair.Pay(party, units), units));
                break;
            case 2 or 3 or 4 or 5 or 6 or 7 when node.IsRunning:
                for (var i = random.Next(1, 8); i > 0 && pair.DeliverOne(party); i--)
                {
                }
                break;
            case 8 when node.IsRunning:
                node.Turn();
                break;
            case 9 when pair.A.IsRunning && pair.B.IsRunning && !pair.IsConnected:
                pair.Connect();
                break;
            case 10 when random.Next(4) == 0:
                pair.Cut();
                break;
            case 11 when random.Next(4) == 0:
                if (node.IsRunning)
                    pair.Kill(party);
                else
                    node.Start();
                break;
            case 12 when pair.IsConnected && node.IsRunning:
                pair.Inject(party, new PageFrame(Hostile.Page(pair.Node(party.Other()), "Release 900")));
                break;
            case 13 or 14 when node.IsRunning:
                if (node.CouldReset)
                    node.ConfirmReset();
                break;
            case 15 when random.Next(8) == 0:
                Restore();
                break;
            default:
                break;
        }
    }

    private void Restore()
    {
        var node = pair.Node(restored);
        if (backup is null)
        {
            backup = node.Disk;
            return;
        }
        pair.Kill(restored);
        node.Disk = backup;
        node.Start();
        backup = null;
    }

    private void Check()
    {
        Assert.Equal(pair.A.State.Era, pair.B.State.Era);
        Assert.Equal(TabStop.None, pair.A.State.Stop);
        Assert.Equal(TabStop.None, pair.B.State.Stop);
        pair.AssertHalvesMatch();
        Assert.True(pair.A.State.IsReady() && pair.B.State.IsReady());
        Assert.Empty(pair.A.Disk.Waiting);
        Assert.Empty(pair.B.Disk.Waiting);
        var balance = 0L;
        foreach (var (by, id, units) in wishes)
        {
            var lines = pair.A.Disk.Pages[by].SelectMany(page => page.Page.Lines).Count(line => line.RequestId == id);
            var state = pair.Node(by).Disk.Intents.GetValueOrDefault(id);
            Assert.Equal(state is IntentDone ? 1 : 0, lines);
            // A wish that only the lost book knew is lost with it; of the others each has an end.
            Assert.True(state is IntentDone or IntentRefused || (state is null && by == restored));
            balance += lines == 0 ? 0 : by == Party.Zero ? -units : units;
        }
        Assert.Equal(balance, pair.A.Balance);
    }
}
