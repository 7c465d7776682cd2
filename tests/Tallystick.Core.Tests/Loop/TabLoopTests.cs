using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

public sealed class TabLoopTests
{
    private readonly LoopPair pair = new();

    [Fact]
    public void A_payment_moves_both_balances_by_the_same_amount()
    {
        pair.Settle();
        pair.Pay(Party.Zero, 1_000);
        pair.Settle();

        Assert.Equal(-1_000, pair.A.Balance);
        Assert.Equal(1_000, pair.B.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_payment_asked_while_the_peer_is_off_waits_and_is_delivered_once()
    {
        pair.Settle();
        pair.Kill(Party.One);
        var id = pair.Pay(Party.Zero, 500);
        Assert.IsType<IntentWaiting>(pair.A.Disk.Intents[id]);
        pair.Kill(Party.Zero);

        pair.A.Start();
        pair.B.Start();
        pair.Settle();

        Assert.IsType<IntentDone>(pair.A.Disk.Intents[id]);
        Assert.Equal(500, pair.B.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_cancelled_payment_is_never_written()
    {
        pair.Settle();
        pair.Cut();
        var id = pair.Pay(Party.Zero, 500);
        pair.A.Step(new Cancel(id));
        pair.Settle();

        Assert.IsType<IntentCancelled>(pair.A.Disk.Intents[id]);
        Assert.Equal(0, pair.B.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void The_two_come_to_rest_after_finitely_many_pages()
    {
        pair.Settle();
        pair.Pay(Party.Zero, 1);
        pair.Pay(Party.One, 2);
        pair.Settle();
        var pages = pair.A.Disk.Pages[Party.Zero].Length + pair.A.Disk.Pages[Party.One].Length;
        pair.Settle();
        pair.Connect();
        pair.Settle();

        Assert.Equal(pages, pair.A.Disk.Pages[Party.Zero].Length + pair.A.Disk.Pages[Party.One].Length);
    }

    [Fact]
    public void A_payment_beyond_the_limit_is_refused_and_nothing_is_written()
    {
        pair.SetLimit(Party.One, CreditLimit.FromUnits(100));
        pair.Settle();
        var id = pair.Pay(Party.Zero, 101);
        pair.Settle();

        var refused = Assert.IsType<IntentRefused>(pair.A.Disk.Intents[id]);
        Assert.Equal(Rejections.OverLimit, refused.Refusal.Why);
        Assert.Equal(0, pair.A.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void Many_wishes_at_once_share_a_page()
    {
        pair.Settle();
        for (var i = 0; i < 1_000; i++)
            pair.A.Step(new Ask(pair.Wish(id => new PayLine(id, Amount.FromUnits(1), string.Empty)), 0));
        var before = pair.A.Disk.Pages[Party.Zero].Length;
        pair.Settle();

        Assert.Equal(1_000, pair.B.Balance);
        Assert.Equal(before + 1, pair.A.Disk.Pages[Party.Zero].Length);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_node_that_lost_its_book_but_kept_its_key_gets_everything_back()
    {
        pair.Settle();
        pair.SetLimit(Party.Zero, CreditLimit.FromUnits(70));
        var id = pair.Pay(Party.Zero, 30);
        pair.Pay(Party.One, 5);
        pair.Settle();
        pair.Kill(Party.Zero);
        pair.A.Disk = LoopDisk.Empty;
        pair.A.Start();
        pair.Settle();

        Assert.Equal(-25, pair.A.Balance);
        Assert.IsType<IntentDone>(pair.A.Disk.Intents[id]);
        Assert.Equal(70, pair.A.State.Mine.Of(Party.Zero).Limit.Units);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void A_node_restored_from_an_old_backup_takes_its_pages_back_and_pays_nothing_twice()
    {
        pair.Settle();
        pair.Cut();
        var id = pair.Pay(Party.Zero, 30);
        var backup = pair.A.Disk;
        pair.Settle();
        Assert.Equal(-30, pair.A.Balance);
        pair.Kill(Party.Zero);
        pair.A.Disk = backup;
        pair.A.Start();
        Assert.IsType<IntentWaiting>(pair.A.Disk.Intents[id]);
        pair.Settle();

        Assert.Equal(-30, pair.A.Balance);
        Assert.IsType<IntentDone>(pair.A.Disk.Intents[id]);
        Assert.Empty(pair.A.Disk.Waiting);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void Another_instance_wrote_meanwhile_and_this_one_drops_its_unsent_page_and_runs_the_wish_again()
    {
        pair.Settle();
        var copy = pair.A.Disk;
        // The first instance writes a page that never leaves it.
        pair.Pay(Party.Zero, 7);
        pair.Kill(Party.Zero);
        var first = pair.A.Disk;
        // The second one writes and is acknowledged.
        pair.A.Disk = copy;
        pair.A.Start();
        pair.Pay(Party.Zero, 11);
        pair.Settle();
        pair.Kill(Party.Zero);
        // The first one comes back.
        pair.A.Disk = first;
        pair.A.Start();
        pair.Settle();

        Assert.Equal(-18, pair.A.Balance);
        pair.AssertHalvesMatch();
    }

    [Fact]
    public void Both_windows_full_do_not_block_each_other()
    {
        pair.Settle();
        for (var i = 0; i < PageBounds.WindowPages + 5; i++)
        {
            pair.Pay(Party.Zero, 1);
            pair.Pay(Party.One, 1);
        }
        Assert.Equal(PageBounds.WindowPages, pair.A.State.UnseenWithLines);
        Assert.Equal(PageBounds.WindowPages, pair.B.State.UnseenWithLines);
        pair.Settle();

        Assert.Equal(0, pair.A.State.Fresh.Count + pair.A.State.Waiting.Count);
        Assert.Equal(0, pair.A.Balance);
        pair.AssertHalvesMatch();
    }
}
