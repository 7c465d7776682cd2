using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Node.Hosting;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Hosting;

/// <summary>The wall clock is set hours forth and back under two running nodes: only dates may show it.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly TimeSpan[] Jumps =
        [TimeSpan.FromHours(5), TimeSpan.FromHours(-11), TimeSpan.FromDays(400), TimeSpan.FromDays(-800)];

    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-").FullName;
    private readonly JumpingTime time = new(20);
    private RunningTestNode alice = null!;
    private RunningTestNode bob = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bob = await RunningTestNode.StartAsync(Options("bob"), time);
        alice = await RunningTestNode.StartAsync(Options("alice"), time);
        await alice.Client.AddPeerAsync(new AddPeerRequest("bob", bob.Address), Ct);
        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address), Ct);
        await alice.UntilReadyAsync("bob");
        await bob.UntilReadyAsync("alice");
    }

    public async ValueTask DisposeAsync()
    {
        await alice.DisposeAsync();
        await bob.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Payments_and_links_do_not_notice_it_and_nothing_is_said_that_was_not_asked()
    {
        await PayAsync(alice, "bob");
        var links = (LinkOf(alice), LinkOf(bob));
        foreach (var jump in Jumps)
        {
            time.Jump(jump);
            await PayAsync(alice, "bob");
            await PayAsync(bob, "alice");
        }
        await alice.UntilBalanceAsync("-1.00");
        await bob.UntilBalanceAsync("1.00");

        // Two minutes, so that silence is noticed four times over and every link is pinged.
        await Eventually.Holds(IsQuiet, "all receipts are exchanged");
        var pages = Pages();
        var quietFrom = Clock.NowMs(time);
        time.Jump(TimeSpan.FromHours(-7));
        await Eventually.Holds(() => Clock.NowMs(time) - quietFrom > 120_000, "two minutes pass");
        Assert.Equal(pages, Pages());
        Assert.Equal(links, (LinkOf(alice), LinkOf(bob)));

        Assert.True((await alice.Client.VerifyAsync("bob", Ct)).Matches);
        Assert.True((await bob.Client.VerifyAsync("alice", Ct)).Matches);
        Assert.Equal(1 + 2 * Jumps.Length, (await alice.Client.GetHistoryAsync("bob", cancel: Ct))
            .Entries.Count(entry => entry.Kind == "pay"));
    }

    [Fact]
    public async Task A_wish_that_expires_does_so_by_the_clock_that_its_owner_set_and_once()
    {
        var port = bob.Host.ListenEndPoint!.Port;
        await bob.DisposeAsync();
        await Eventually.Holds(() => !Tab(alice).Ready, "alice notices that bob is off");
        var (kept, late, open) = (Wish(TimeSpan.FromHours(3)), Wish(TimeSpan.FromHours(1)), Wish(null));
        foreach (var wish in (Intent[])[kept, late, open])
            Assert.IsType<IntentWaiting>((await alice.Host.Ledger.AskAsync(Tab(alice).Terms.Id, wish, Ct)).State);

        time.Jump(TimeSpan.FromHours(-9));
        time.Jump(TimeSpan.FromHours(11));
        bob = await RunningTestNode.StartAsync(Options("bob") with { ListenPort = port }, time);
        await alice.UntilBalanceAsync("-0.02");
        await bob.UntilBalanceAsync("0.02");

        time.Jump(TimeSpan.FromHours(-20));
        await PayAsync(alice, "bob");
        await alice.UntilBalanceAsync("-1.02");
        Assert.IsType<IntentDone>((await AskAgainAsync(kept)).State);
        Assert.IsType<IntentDone>((await AskAgainAsync(open)).State);
        var refused = Assert.IsType<IntentRefused>((await AskAgainAsync(late)).State);
        Assert.Equal("expired", refused.Refusal.Why.Name);
    }

    private static TabView Tab(RunningTestNode node) => node.Host.Ledger.Tabs.Single();

    private static long? LinkOf(RunningTestNode node) => Tab(node).State.Session?.Link;

    private static async Task PayAsync(RunningTestNode payer, string payee)
    {
        var payment = await payer.Client.PayAsync(new PayRequest("1", payee, WaitMs: 20_000), Ct);
        Assert.Equal(PaymentStates.Delivered, payment.State);
    }

    private NodeOptions Options(string name) => new()
    {
        Name = name,
        DataFolder = Path.Combine(folder, name),
        ListenAddress = "127.0.0.1",
        ListenPort = 0,
        WebPort = 0,
    };

    private Intent Wish(TimeSpan? expires)
    {
        var (id, now) = (RequestId.FromGuid(Guid.CreateVersion7()), time.GetUtcNow());
        return new Intent(
            id, [new PayLine(id, Amount.FromUnits(1), string.Empty)], now.ToUnixTimeMilliseconds(),
            expires is { } after ? (now + after).ToUnixTimeMilliseconds() : null);
    }

    private Task<IntentOutcome> AskAgainAsync(Intent wish) =>
        alice.Host.Ledger.AskAsync(Tab(alice).Terms.Id, wish, Ct);

    private bool IsQuiet() => Array.TrueForAll([Tab(alice), Tab(bob)], tab =>
        tab.Ready && tab.State.UnseenWithLines == 0);

    private (long, long) Pages() => (HeadOf(alice), HeadOf(bob));

    private static long HeadOf(RunningTestNode node) => Tab(node).State.Mine.Of(Tab(node).Me).Head.Number;
}
