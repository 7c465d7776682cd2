using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Node.Tests.Api;
using Tallystick.Node.Tests.Links;

namespace Tallystick.Node.Tests.Ledgers;

/// <summary>Two whole nodes over real TLS and SQLite, with load, cuts, restarts, backups and lost books.</summary>
public sealed class TwoBooksTests : TwoNodes
{
    [Fact]
    public async Task Two_thousand_payments_each_way_at_the_same_moment_leave_both_books_right()
    {
        await Task.WhenAll(PayManyAsync(Alice, "bob", 2_000, "0.03"), PayManyAsync(Bob, "alice", 2_000, "0.01"));

        await UntilBothKnowAsync("-40.00", "40.00");
    }

    [Fact]
    public async Task A_book_from_an_old_backup_gets_its_pages_back_and_nothing_is_paid_twice()
    {
        await PayManyAsync(Alice, "bob", 10, "1");
        await UntilBothKnowAsync("-10.00", "10.00");
        var data = Alice.Options.DataFolder;
        await StopAsync(Alice);
        CopyBook(data, Path.Combine(Folder, "backup"));
        await StartAliceAsync();
        await PayManyAsync(Alice, "bob", 10, "1");
        await PayManyAsync(Bob, "alice", 10, "0.10");
        await UntilBothKnowAsync("-19.00", "19.00");
        await StopAsync(Alice);
        CopyBook(Path.Combine(Folder, "backup"), data);
        await StartAliceAsync();
        await Alice.UntilReadyAsync("bob");

        await UntilBothKnowAsync("-19.00", "19.00");
        await PayManyAsync(Alice, "bob", 1, "1");
        await UntilBothKnowAsync("-20.00", "20.00");
    }

    [Fact]
    public async Task What_is_asked_again_while_a_lost_book_comes_back_is_paid_once()
    {
        var ids = Enumerable.Range(0, 400).Select(_ => Guid.CreateVersion7().ToString()).ToArray();
        await AskAllAsync();
        await UntilBothKnowAsync("-4.00", "4.00");
        for (var times = 0; times < 3; times++)
        {
            await StopAsync(Alice);
            foreach (var file in Directory.GetFiles(Alice.Options.DataFolder, "book.db*"))
                File.Delete(file);
            await StartAliceAsync();
            while ((await Alice.Client.GetBalancesAsync()).Tabs is not [{ Online: true, Opened: true }])
                await AskAllAsync();
            await AskAllAsync();
            await UntilBothKnowAsync("-4.00", "4.00");
        }

        Task AskAllAsync() => Parallel.ForEachAsync(
            ids, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (id, _) => await TryPayAsync(id));
    }

    [Fact]
    public async Task A_lost_book_comes_back_from_the_peer_when_the_key_is_kept()
    {
        await PayManyAsync(Alice, "bob", 3, "5");
        await Alice.Client.SetLimitAsync("bob", new LimitRequest("70"));
        await UntilBothKnowAsync("-15.00", "15.00");
        await StopAsync(Alice);
        foreach (var file in Directory.GetFiles(Alice.Options.DataFolder, "book.db*"))
            File.Delete(file);
        await StartAliceAsync();
        await Alice.UntilReadyAsync("bob");

        await UntilBothKnowAsync("-15.00", "15.00");
        Assert.Equal("70.00", (await Alice.Client.GetBalancesAsync()).Tabs.Single().MyLimit);
    }

    [Fact]
    public async Task A_second_asset_is_a_tab_of_its_own()
    {
        await StopAsync(Alice);
        Asset.TryCreate("EUR", 2, out var euro);
        Alice = await RunningTestNode.StartAsync(Alice.Options with { Assets = [Asset.Credits, euro!] });
        await Bob.Client.AddPeerAsync(new AddPeerRequest("alice", Alice.Address));
        await Eventually.IsTrueAsync(
            async () => (await Alice.Client.GetBalancesAsync()).Tabs is { Count: 2 } tabs
                && tabs.All(tab => tab.Opened),
            "both tabs are open");
        await Alice.Client.PayAsync(new PayRequest("2.50", "bob", "EUR"));

        await Eventually.IsTrueAsync(
            async () => (await Bob.Client.GetBalancesAsync()).Tabs.Any(tab => tab is { Asset: "EUR", Balance: "2.50" }),
            "bob has the euro payment");
        var credits = (await Bob.Client.GetBalancesAsync()).Tabs.Single(tab => tab.Asset == "credits");
        Assert.Equal("0.00", credits.Balance);
        Assert.True((await Bob.Client.VerifyAsync()).Matches);
    }

    [Fact]
    public async Task Cutting_the_line_again_and_again_under_load_loses_and_repeats_nothing()
    {
        await using var proxy = new TcpProxy(Bob.Host.ListenEndPoint!.Port);
        await StopAsync(Alice);
        // Alice reaches Bob only through the line that is cut, and Bob cannot reach Alice.
        Alice = await RunningTestNode.StartAsync(
            Alice.Options with { ListenPort = null, Peers = [("bob", proxy.Address)] });
        await Alice.UntilReadyAsync("bob");
        using var done = new CancellationTokenSource();
        var cutting = CutAsync(proxy, done.Token);
        const int Rounds = 4;
        for (var round = 0; round < Rounds; round++)
            await Task.WhenAll(PayManyAsync(Alice, "bob", 1_500, "0.02"), PayManyAsync(Bob, "alice", 1_500, "0.01"));
        await done.CancelAsync();
        var cuts = await cutting;

        Assert.True(cuts > 3, $"the line was cut {cuts} times");
        await UntilBothKnowAsync("-60.00", "60.00");
    }

    [Fact]
    public async Task Restarting_the_payer_in_the_middle_neither_loses_nor_repeats_a_payment()
    {
        var ids = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7().ToString()).ToArray();
        var answered = 0;
        var paying = Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (id, _) =>
        {
            // A caller whose answer was lost asks again with the same id, as often as it takes.
            while (!await TryPayAsync(id))
                await Task.Delay(10, TestContext.Current.CancellationToken);
            Interlocked.Increment(ref answered);
        });
        for (var restarts = 1; restarts <= 5; restarts++)
        {
            var enough = restarts * 40;
            await Eventually.Holds(() => Volatile.Read(ref answered) >= enough, "payments go on");
            Alice = await Alice.RestartAsync();
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
        Alice = await RunningTestNode.StartAsync(Alice.Options with { Peers = [("bob", Bob.Address)] });

    private async Task<bool> TryPayAsync(string id)
    {
        try
        {
            await Alice.Client.PayAsync(new PayRequest("0.01", "bob", RequestId: id));
            return true;
        }
        catch (Exception lost) when (
            lost is NodeUnreachableException or OutcomeUnknownException or ObjectDisposedException
                or TallystickException { Problem.Refusal: "not-met" })
        {
            return false;
        }
    }

    private async Task UntilBothKnowAsync(string atAlice, string atBob)
    {
        await Alice.UntilBalanceAsync(atAlice);
        await Bob.UntilBalanceAsync(atBob);
        var (hers, his) = (await Alice.Client.VerifyAsync(), await Bob.Client.VerifyAsync());
        Assert.True(hers.Matches, string.Join(' ', hers.Tabs.Select(tab => tab.Line)));
        Assert.True(his.Matches, string.Join(' ', his.Tabs.Select(tab => tab.Line)));
    }
}
