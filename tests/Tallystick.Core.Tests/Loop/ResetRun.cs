using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Loop;

/// <summary>
/// One story of a tab that freezes and is reset, in steps between which anything may happen: limits, a hold, payments,
/// a bad page, one that nobody will take, both people's yes, and a payment in the new era.
/// </summary>
internal sealed class ResetRun(Party asks)
{
    private readonly List<(int Step, Action Do)> interruptions = [];
    private readonly List<(Party By, RequestId Id)> payments = [];

    public LoopPair Pair { get; } = new();

    public int Steps { get; private set; }

    public void After(int step, Action interruption) => interruptions.Add((step, interruption));

    public void Restart(Party party, LoopDisk? disk = null)
    {
        Pair.Kill(party);
        Pair.Node(party).Disk = disk ?? Pair.Node(party).Disk;
        Pair.Node(party).Start();
    }

    public void PlayUntilFrozen()
    {
        Pair.SetLimit(Party.Zero, CreditLimit.FromUnits(1_000));
        Pair.SetLimit(Party.One, CreditLimit.FromUnits(1_000));
        Pair.Settle();
        var hold = Pair.Wish(id => LineText.Read("Hold 50 for pear", id));
        Pair.A.Ask(hold);
        Pay(Party.Zero, 10);
        Pay(Party.One, 3);
        Pair.Settle();
        Pair.Inject(Party.Zero, new PageFrame(Hostile.Page(Pair.B, "Release 900")));
        while (Pair.DeliverOne(Party.Zero))
            Step();
        // On a page that the other does not take any more.
        Pay(Party.One, 5);
        Pause();
    }

    public void Play()
    {
        PlayUntilFrozen();
        Confirm(asks);
        Pause();
        Confirm(asks.Other());
        Pause();
        Pay(Party.Zero, 100);
        Pause();
    }

    /// <summary>The people look again until nothing is frozen.</summary>
    public void Heal()
    {
        foreach (var node in new[] { Pair.A, Pair.B })
        {
            if (!node.IsRunning)
                node.Start();
        }
        Pair.Settle();
        for (var i = 0; i < 8; i++)
        {
            foreach (var node in new[] { Pair.Node(asks), Pair.Node(asks.Other()) })
            {
                if (node.CouldReset)
                    node.ConfirmReset();
                Pair.Settle();
            }
        }
    }

    public void AssertReset(string when)
    {
        try
        {
            Assert.Equal(Pair.A.State.Era, Pair.B.State.Era);
            Assert.InRange(Pair.A.State.Era.Number, 0, 2);
            Assert.Equal(FoldText.Of(Pair.A.State.Mine), FoldText.Of(Pair.B.State.Mine));
            Pair.AssertHalvesMatch();
            Assert.True(Pair.A.State.IsReady() && Pair.B.State.IsReady());
            AssertPaymentsOnce();
            // It really goes on.
            var before = Pair.A.Balance;
            Pair.Pay(Party.Zero, 1);
            Pair.Pay(Party.One, 2);
            Pair.Settle();
            Assert.Equal(before + 1, Pair.A.Balance);
            Pair.AssertHalvesMatch();
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException(when, broken);
        }
    }

    // A wish that its author's disk calls done stands on one page of both books, any other on none.
    private void AssertPaymentsOnce()
    {
        var balance = 0L;
        foreach (var (by, id) in payments)
        {
            var lines = Pair.A.Disk.Pages[by].SelectMany(page => page.Page.Lines).Where(line => line.RequestId == id);
            var done = Pair.Node(by).Disk.Intents.GetValueOrDefault(id) is IntentDone;
            Assert.Equal(done ? 1 : 0, lines.Count());
            balance += done ? ((PayLine)lines.Single()).Amount.Units * (by == Party.Zero ? -1 : 1) : 0;
        }
        Assert.Equal(balance, Pair.A.Balance);
    }

    private void Pay(Party by, long units)
    {
        payments.Add((by, Pair.Pay(by, units)));
        Step();
    }

    private void Confirm(Party party)
    {
        Pair.Node(party).ConfirmReset();
        Step();
    }

    // As LoopPair.Settle, but something may happen after every frame.
    private void Pause()
    {
        for (var round = 0; round < 1_000; round++)
        {
            if (!Pair.IsConnected)
                Pair.Connect();
            var moved = false;
            foreach (var party in new[] { Party.Zero, Party.One })
            {
                while (Pair.DeliverOne(party))
                {
                    moved = true;
                    Step();
                }
                Pair.Node(party).Turn();
            }
            if (!moved && Pair.IsConnected && Pair.IsSilent)
                return;
        }
        Assert.Fail("The two loops never came to rest.");
    }

    private void Step()
    {
        Steps++;
        foreach (var (_, interruption) in interruptions.Where(at => at.Step == Steps).ToList())
            interruption();
    }
}
