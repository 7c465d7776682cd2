using Tallystick.Core.Loop;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

/// <summary>
/// Random histories of two loops: wishes, cuts, crashes, old backups, frames in any amount. Then it heals.
/// </summary>
public sealed class TabLoopChaosTests
{
    [Fact]
    public void Whatever_happens_both_halves_match_in_the_end_and_every_wish_ends_once()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            try
            {
                Run(new Random(seed), restores: true);
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"Seed {seed} broke it.", broken);
            }
        }
    }

    private static void Run(Random random, bool restores)
    {
        var pair = new LoopPair();
        var wishes = new List<(Party By, Core.Identity.RequestId Id, long Units)>();
        var backups = new Dictionary<Party, LoopDisk>();
        for (var step = 0; step < 300; step++)
        {
            var party = (Party)random.Next(2);
            var node = pair.Node(party);
            switch (random.Next(12))
            {
                case 0 or 1 or 2 when node.IsRunning:
                    var units = random.Next(1, 100);
                    wishes.Add((party, pair.Pay(party, units), units));
                    break;
                case 3 or 4 or 5 or 6 when node.IsRunning:
                    for (var i = random.Next(1, 6); i > 0 && pair.DeliverOne(party); i--)
                    {
                    }
                    break;
                case 7 when node.IsRunning:
                    node.Turn();
                    break;
                case 8 when pair.A.IsRunning && pair.B.IsRunning && !pair.IsConnected:
                    pair.Connect();
                    break;
                case 9 when random.Next(4) == 0:
                    pair.Cut();
                    break;
                case 10 when random.Next(4) == 0:
                    if (node.IsRunning)
                        pair.Kill(party);
                    else
                        node.Start();
                    break;
                // Only one side is ever restored: both at once may end in an operator's stop.
                case 11 when restores && party == Party.Zero && random.Next(6) == 0:
                    if (backups.Remove(party, out var old))
                    {
                        pair.Kill(party);
                        node.Disk = old;
                        node.Start();
                        // Wishes that only the lost book knew are lost with it; nobody can bring them back.
                        wishes.RemoveAll(wish => wish.By == party && !node.Disk.Intents.ContainsKey(wish.Id)
                            && pair.B.Disk.Pages[party].All(
                                page => page.Page.Lines.All(line => line.RequestId != wish.Id)));
                    }
                    else
                    {
                        backups[party] = node.Disk;
                    }
                    break;
                default:
                    break;
            }
        }

        foreach (var node in new[] { pair.A, pair.B })
        {
            if (!node.IsRunning)
                node.Start();
        }
        pair.Cut();
        pair.Settle();
        pair.AssertHalvesMatch();

        var balance = 0L;
        foreach (var (by, id, units) in wishes)
        {
            Assert.IsType<IntentDone>(pair.Node(by).Disk.Intents[id]);
            var lines = pair.A.Disk.Pages[by].SelectMany(page => page.Page.Lines).Count(line => line.RequestId == id);
            Assert.Equal(1, lines);
            balance += by == Party.Zero ? -units : units;
        }
        Assert.Equal(balance, pair.A.Balance);
        Assert.Empty(pair.A.Disk.Waiting);
        Assert.Empty(pair.B.Disk.Waiting);
    }
}
