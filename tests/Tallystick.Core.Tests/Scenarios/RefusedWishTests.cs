using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Every rule that an own order can break: it is refused under its name, and nothing is signed.</summary>
public sealed class RefusedWishTests
{
    private static readonly Hash Pear = Hash.Of("pear"u8);

    private readonly Bench bench = new();

    public RefusedWishTests()
    {
        SetLimit(Party.Zero, CreditLimit.FromUnits(100));
        SetLimit(Party.One, CreditLimit.FromUnits(100));
    }

    private LoopNode A => bench.A.Tab;

    [Fact]
    public void Over_limit() => AssertRefused("over-limit", Pay(101));

    [Fact]
    public void Over_limit_with_all_lines_of_a_group_together() => AssertRefused("over-limit", Pay(60), Pay(60));

    [Fact]
    public void Out_of_bounds() => AssertRefused(
        "out-of-bounds", id => new PayLine(id, Amount.FromUnits(1), new string('x', PageBounds.MaxMemoBytes + 1)));

    [Fact]
    public void Out_of_bounds_for_a_group_that_fits_on_no_page() => AssertRefused(
        "out-of-bounds", [.. Enumerable.Range(0, PageBounds.MaxLines + 1).Select(_ => Limit(CreditLimit.Zero))]);

    [Fact]
    public void Hold_needs_limit()
    {
        SetLimit(Party.One, CreditLimit.None);
        AssertRefused("hold-needs-limit", Hold);
    }

    [Fact]
    public void Unknown_ref() => AssertRefused("unknown-ref", id => new AcceptLine(id, new Ref(99, 0)));

    [Fact]
    public void Unknown_kind() => AssertRefused("unknown-kind", id => new UnknownLine(id, 64, []));

    [Fact]
    public void Not_yours()
    {
        var own = Asked(Party.Zero, Propose(payerIsMe: true));
        AssertRefused("not-yours", id => new AcceptLine(id, own));
        AssertRefused("not-yours", id => new DisputeLine(id, own, ""));
    }

    [Fact]
    public void Closed()
    {
        var theirs = Asked(Party.One, Propose(payerIsMe: true));
        Asked(Party.One, id => new WithdrawLine(id, theirs));
        AssertRefused("closed", id => new AcceptLine(id, theirs));
    }

    [Fact]
    public void Not_newest()
    {
        var theirs = Asked(Party.One, Propose(payerIsMe: true));
        Asked(Party.One, id => new ModifyLine(id, theirs, Amount.FromUnits(2), "", ""));
        AssertRefused("not-newest", id => new AcceptLine(id, theirs));
        AssertRefused("not-newest", id => new DisputeLine(id, theirs, ""));
    }

    [Fact]
    public void No_change()
    {
        var theirs = Asked(Party.One, Propose(payerIsMe: true));
        Asked(Party.Zero, id => new DisputeLine(id, theirs, ""));
        AssertRefused("no-change", id => new DisputeLine(id, theirs, ""));
    }

    [Fact]
    public void Not_receiver()
    {
        var own = Asked(Party.Zero, Propose(payerIsMe: true));
        AssertRefused("not-receiver", id => new ReceivedLine(id, own));
    }

    [Fact]
    public void Already_answered()
    {
        var hold = Asked(Party.One, Hold);
        Asked(Party.Zero, id => new ReleaseLine(id, hold, ""));
        AssertRefused("already-answered", id => new FulfilLine(id, hold, [Pear]));
    }

    [Fact]
    public void Bad_preimage()
    {
        var hold = Asked(Party.One, Hold);
        AssertRefused("bad-preimage", id => new FulfilLine(id, hold, [Hash.Of("plum"u8)]));
        AssertRefused("bad-preimage", id => new FulfilLine(id, hold, []));
    }

    [Fact]
    public void Too_many_open_settlements()
    {
        for (var i = 0; i < PageBounds.MaxOpenSettlements; i++)
            Asked(Party.Zero, Propose(payerIsMe: true));
        AssertRefused("too-many-open", Propose(payerIsMe: true));
    }

    [Fact]
    public void Too_many_open_holds()
    {
        SetLimit(Party.One, CreditLimit.FromUnits(1_000));
        var most = Enumerable.Repeat<Func<RequestId, Line>>(Hold, PageBounds.MaxOpenHolds);
        bench.Wish(Party.Zero, [.. most]);
        bench.Settle();
        AssertRefused("too-many-open", Hold);
    }

    [Fact]
    public void Too_many_revisions()
    {
        var own = Asked(Party.Zero, Propose(payerIsMe: true));
        for (var i = 1; i < PageBounds.MaxRevisions; i++)
            Asked(Party.Zero, id => new ModifyLine(id, own, Amount.FromUnits(2), "", ""));
        AssertRefused("too-many-revisions", id => new ModifyLine(id, own, Amount.FromUnits(3), "", ""));
    }

    [Fact]
    public void Expired()
    {
        bench.Cut();
        var id = new RequestId(77);
        A.Ask(new Intent(id, [Pay(1)(id)], 1_000, 1_500));
        A.NowMs = 1_500;
        bench.Settle();
        Assert.Equal("expired", NameOf(id));
        Assert.Equal(0, A.Balance);
    }

    [Fact]
    public void Not_ready_for_a_hold_while_the_peer_is_off()
    {
        bench.Cut();
        AssertRefused("not-ready", Hold);
    }

    [Fact]
    public void Not_ready_for_a_hold_that_the_window_keeps_from_being_written()
    {
        for (var i = 0; i < PageBounds.WindowPages; i++)
            bench.Pay(Party.Zero, 1);
        var hold = bench.Wish(Party.Zero, Hold).RequestId;
        A.NowMs += TabLoop.MaxUnstoredMs;
        A.Turn();
        Assert.Equal("not-ready", NameOf(hold));
        bench.Settle();
        Assert.Equal(0, A.State.Mine.Of(Party.Zero).Held);
    }

    [Fact]
    public void Total_overflow()
    {
        SetLimit(Party.One, CreditLimit.None);
        var snapshot = A.Disk.Snapshot!;
        bench.A.Kill();
        A.Disk = A.Disk with { Snapshot = new TabSnapshot(Rich(snapshot.Mine), Rich(snapshot.Theirs), null) };
        bench.A.Start();
        bench.Settle();
        AssertRefused("total-overflow", Pay(1));

        static Fold Rich(Fold fold) => fold with { Zero = fold.Zero with { Given = PageBounds.MaxGivenAndHeld } };
    }

    [Fact]
    public void One_refused_wish_does_not_hold_up_the_next()
    {
        bench.Cut();
        bench.Pay(Party.Zero, 101);
        bench.Pay(Party.Zero, 100);
        bench.Settle();
        Assert.Equal(100, bench.B.Tab.Balance);
    }

    [Fact]
    public void A_wish_that_crossed_the_peers_change_is_refused_by_what_is_known_when_it_is_written()
    {
        var theirs = Asked(Party.One, Propose(payerIsMe: true));
        bench.Cut();
        var accept = bench.Wish(Party.Zero, id => new AcceptLine(id, theirs)).RequestId;
        bench.Wish(Party.One, id => new ModifyLine(id, theirs, Amount.FromUnits(2), "", ""));
        bench.Settle();
        // Both waited. Whoever's line was written first, the amount that A saw is the only one it accepts.
        Assert.True(NameOf(accept) == "not-newest" || A.Balance == -1);
        Assert.Equal(A.Balance, -bench.B.Tab.Balance);
    }

    private static Func<RequestId, Line> Pay(long units) => id => new PayLine(id, Amount.FromUnits(units), "");

    private static Func<RequestId, Line> Limit(CreditLimit limit) => id => new LimitLine(id, limit);

    private static Func<RequestId, Line> Propose(bool payerIsMe) =>
        id => new ProposeLine(id, payerIsMe, Amount.FromUnits(1), "", "");

    private static Line Hold(RequestId id) =>
        new HoldLine(id, Amount.FromUnits(1), [Hash.Of(Pear.ToArray())], [], 0);

    private void SetLimit(Party by, CreditLimit limit)
    {
        bench.Wish(by, Limit(limit));
        bench.Settle();
    }

    private Ref Asked(Party by, Func<RequestId, Line> line)
    {
        var wish = bench.Wish(by, line);
        bench.Settle();
        return Assert.IsType<IntentDone>(bench.Node(by).Tab.Disk.Intents[wish.RequestId]).FirstLine;
    }

    private string? NameOf(RequestId id) => (A.Disk.Intents[id] as IntentRefused)?.Refusal.Why.Name;

    private void AssertRefused(string name, params Func<RequestId, Line>[] lines)
    {
        var before = A.Disk.Pages;
        var wish = bench.Wish(Party.Zero, lines);
        Assert.Equal(name, NameOf(wish.RequestId));
        Assert.Same(before, A.Disk.Pages);
        bench.Settle();
        Assert.Equal(before[Party.Zero].Length, bench.B.Tab.Disk.Pages[Party.Zero].Length);
    }
}
