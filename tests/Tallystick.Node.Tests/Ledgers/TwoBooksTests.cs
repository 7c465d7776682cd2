using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Ledgers;

/// <summary>Two whole nodes over real TLS and SQLite, with load, cuts, restarts, backups and lost books.</summary>
public sealed class TwoBooksTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("tallystick-tests-").FullName;
    private RunningTestNode alice = null!;
    private RunningTestNode bob = null!;

    public async ValueTask InitializeAsync()
    {
        bob = await RunningTestNode.StartAsync(folder, "bob");
        alice = await RunningTestNode.StartAsync(folder, "alice", ("bob", bob.Address));
        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address));
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
    public async Task Two_thousand_payments_each_way_at_the_same_moment_leave_both_books_right()
    {
        await Task.WhenAll(PayManyAsync(alice, "bob", 2_000, "0.03"), PayManyAsync(bob, "alice", 2_000, "0.01"));

        await UntilBothKnowAsync("-40.00", "40.00");
    }

    [Fact]
    public async Task A_book_from_an_old_backup_gets_its_pages_back_and_nothing_is_paid_twice()
    {
        await PayManyAsync(alice, "bob", 10, "1");
        await UntilBothKnowAsync("-10.00", "10.00");
        var data = alice.Options.DataFolder;
        await StopAsync(alice);
        CopyBook(data, Path.Combine(folder, "backup"));
        await StartAliceAsync();
        await PayManyAsync(alice, "bob", 10, "1");
        await PayManyAsync(bob, "alice", 10, "0.10");
        await UntilBothKnowAsync("-19.00", "19.00");
        await StopAsync(alice);
        CopyBook(Path.Combine(folder, "backup"), data);
        await StartAliceAsync();
        await alice.UntilReadyAsync("bob");

        await UntilBothKnowAsync("-19.00", "19.00");
        await PayManyAsync(alice, "bob", 1, "1");
        await UntilBothKnowAsync("-20.00", "20.00");
    }

    [Fact]
    public async Task A_lost_book_comes_back_from_the_peer_when_the_key_is_kept()
    {
        await PayManyAsync(alice, "bob", 3, "5");
        await alice.Client.SetLimitAsync("bob", new LimitRequest("70"));
        await UntilBothKnowAsync("-15.00", "15.00");
        await StopAsync(alice);
        foreach (var file in Directory.GetFiles(alice.Options.DataFolder, "book.db*"))
            File.Delete(file);
        await StartAliceAsync();
        await alice.UntilReadyAsync("bob");

        await UntilBothKnowAsync("-15.00", "15.00");
        Assert.Equal("70.00", (await alice.Client.GetBalancesAsync()).Tabs.Single().MyLimit);
    }

    [Fact]
    public async Task A_second_asset_is_a_tab_of_its_own()
    {
        await StopAsync(alice);
        Asset.TryCreate("EUR", 2, out var euro);
        alice = await RunningTestNode.StartAsync(alice.Options with { Assets = [Asset.Credits, euro!] });
        await bob.Client.AddPeerAsync(new AddPeerRequest("alice", alice.Address));
        await Eventually.IsTrueAsync(
            async () => (await alice.Client.GetBalancesAsync()).Tabs is { Count: 2 } tabs
                && tabs.All(tab => tab.Opened),
            "both tabs are open");
        await alice.Client.PayAsync(new PayRequest("2.50", "bob", "EUR"));

        await Eventually.IsTrueAsync(
            async () => (await bob.Client.GetBalancesAsync()).Tabs.Any(tab => tab is { Asset: "EUR", Balance: "2.50" }),
            "bob has the euro payment");
        var credits = (await bob.Client.GetBalancesAsync()).Tabs.Single(tab => tab.Asset == "credits");
        Assert.Equal("0.00", credits.Balance);
        Assert.True((await bob.Client.VerifyAsync()).Matches);
    }

    [Fact]
    public async Task Cutting_the_line_again_and_again_under_load_loses_and_repeats_nothing()
    {
        await using var proxy = new TcpProxy(bob.Host.ListenEndPoint!.Port);
        await StopAsync(alice);
        // Alice reaches Bob only through the line that is cut, and Bob cannot reach Alice.
        alice = await RunningTestNode.StartAsync(
            alice.Options with { ListenPort = null, Peers = [("bob", proxy.Address)] });
        await alice.UntilReadyAsync("bob");
        using var done = new CancellationTokenSource();
        var cutting = CutAsync(proxy, done.Token);
        await Task.WhenAll(PayManyAsync(alice, "bob", 1_500, "0.02"), PayManyAsync(bob, "alice", 1_500, "0.01"));
        await done.CancelAsync();
        var cuts = await cutting;

        Assert.True(cuts > 3, $"the line was cut {cuts} times");
        await UntilBothKnowAsync("-15.00", "15.00");
    }

    [Fact]
    public async Task Restarting_the_payer_in_the_middle_neither_loses_nor_repeats_a_payment()
    {
        var ids = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7().ToString()).ToArray();
        using var stop = new CancellationTokenSource();
        var paying = Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (id, _) =>
        {
            // A caller whose answer was lost asks again with the same id, as often as it takes.
            while (!await TryPayAsync(id))
                await Task.Delay(10, TestContext.Current.CancellationToken);
        });
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            alice = await alice.RestartAsync();
        }
        await paying;

        await UntilBothKnowAsync("-3.00", "3.00");
    }

    private static async Task PayManyAsync(RunningTestNode from, string to, int count, string amount) =>
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, ct) =>
        {
            var payment = await from.Client.PayAsync(new PayRequest(amount, to), ct);
            Assert.NotEqual(PaymentStates.Refused, payment.State);
        });

    private static async Task<int> CutAsync(TcpProxy proxy, CancellationToken ct)
    {
        var cuts = 0;
        while (!ct.IsCancellationRequested)
        {
            proxy.Cut();
            cuts++;
            await Task.Delay(100, ct).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return cuts;
    }

    private static void CopyBook(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(to, "book.db*"))
            File.Delete(file);
        foreach (var file in Directory.GetFiles(from, "book.db*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static Task StopAsync(RunningTestNode node) => node.DisposeAsync().AsTask();

    private async Task StartAliceAsync() =>
        alice = await RunningTestNode.StartAsync(alice.Options with { Peers = [("bob", bob.Address)] });

    private async Task<bool> TryPayAsync(string id)
    {
        try
        {
            await alice.Client.PayAsync(new PayRequest("0.01", "bob", RequestId: id));
            return true;
        }
        catch (Exception lost) when (
            lost is NodeUnreachableException or OutcomeUnknownException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task UntilBothKnowAsync(string atAlice, string atBob)
    {
        await alice.UntilBalanceAsync(atAlice);
        await bob.UntilBalanceAsync(atBob);
        var (hers, his) = (await alice.Client.VerifyAsync(), await bob.Client.VerifyAsync());
        Assert.True(hers.Matches, string.Join(' ', hers.Tabs.Select(tab => tab.Line)));
        Assert.True(his.Matches, string.Join(' ', his.Tabs.Select(tab => tab.Line)));
    }
}
