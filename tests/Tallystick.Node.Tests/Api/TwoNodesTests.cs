using Tallystick.Client;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Api;

/// <summary>Two real nodes over TLS and SQLite, each spoken to over its own API.</summary>
public sealed class TwoNodesTests : TwoNodes
{
    [Fact]
    public async Task A_payment_each_way_moves_both_balances_and_both_halves_match()
    {
        var paid = await Alice.Client.PayAsync(new PayRequest("10.5", Memo: "for lunch", WaitMs: 10_000));
        Assert.Equal((PaymentStates.Delivered, "10.50", false), (paid.State, paid.Amount, paid.WasOwing));
        Assert.True((await Alice.Client.PayAsync(new PayRequest("1", "BOB"))).WasOwing);
        await Bob.UntilBalanceAsync("11.50");
        await Bob.Client.PayAsync(new PayRequest("+4", WaitMs: 10_000));
        await Alice.UntilBalanceAsync("-7.50");

        foreach (var (node, peer, balance) in new[] { (Alice, "bob", "-7.50"), (Bob, "alice", "7.50") })
        {
            var proofs = await node.Client.VerifyAsync();
            var proof = Assert.Single(proofs.Tabs);
            Assert.True(proofs.Matches, proof.Line);
            Assert.Equal(proof.MyPages + proof.PeerPages, proof.Signatures);
            Assert.Equal(
                $"{peer}: {proof.MyPages} of my pages and {proof.PeerPages} of theirs, {proof.Signatures} signatures, "
                + $"balance {balance}: both halves match.",
                proof.Line);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("1e309")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData("0x10")]
    [InlineData("10abc")]
    [InlineData("10.005")]
    [InlineData("90071992547409.92")]
    [InlineData("999999999999999999999999999999")]
    [InlineData("")]
    public async Task An_amount_that_is_none_is_refused_in_one_sentence_and_nothing_is_written(string amount)
    {
        var problem = await RefusedAsync(new PayRequest(amount, "bob"));
        Assert.Equal((400, "bad-amount"), (problem.Status, problem.Refusal));
        Assert.EndsWith(".", problem.Detail, StringComparison.Ordinal);
        await NothingWasPaidAsync();
    }

    [Fact]
    public async Task Unknown_peers_oneself_and_long_memos_are_refused_in_one_sentence()
    {
        var unknown = await RefusedAsync(new PayRequest("1", "bop"));
        Assert.Equal((404, "unknown-peer"), (unknown.Status, unknown.Refusal));
        Assert.Contains("did you mean bob?", unknown.Detail, StringComparison.Ordinal);
        Assert.Equal("oneself", (await RefusedAsync(new PayRequest("1", "Alice"))).Refusal);
        Assert.Equal("bad-memo", (await RefusedAsync(new PayRequest("1", "bob", Memo: new string('ä', 129)))).Refusal);
        Assert.Equal("bad-request-id", (await RefusedAsync(new PayRequest("1", "bob", RequestId: "7"))).Refusal);
        Assert.Equal("unknown-asset", (await RefusedAsync(new PayRequest("1", "bob", Asset: "EUR"))).Refusal);
        await NothingWasPaidAsync();
    }

    [Fact]
    public async Task With_two_peers_a_payment_without_a_name_asks_which()
    {
        await Alice.Client.AddPeerAsync(new AddPeerRequest("carol", "192.0.2.1:5000"));
        var problem = await RefusedAsync(new PayRequest("1"));
        Assert.Equal("which-peer", problem.Refusal);
        Assert.Contains("bob, carol", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("not-met", (await RefusedAsync(new PayRequest("1", "carol"))).Refusal);
    }

    [Fact]
    public async Task Over_the_limit_says_how_much_is_possible()
    {
        Assert.Equal("100.00", (await Bob.Client.SetLimitAsync("alice", new LimitRequest("100"))).Limit);
        await Eventually.IsTrueAsync(
            async () => (await Alice.Client.GetBalancesAsync()).Tabs[0].PeerLimit == "100.00", "the limit is known");
        await Alice.Client.PayAsync(new PayRequest("60"));
        var problem = await RefusedAsync(new PayRequest("40.01"));
        Assert.Equal((409, "over-limit"), (problem.Status, problem.Refusal));
        Assert.Contains("at most 40.00 credits", problem.Detail, StringComparison.Ordinal);
        var balance = (await Alice.Client.GetBalancesAsync()).Tabs[0];
        Assert.Equal(("-60.00", "40.00"), (balance.Balance, balance.CanPay));
        // Nothing was written: the last entry is still the payment that fitted.
        Assert.Equal("60.00", (await Alice.Client.GetHistoryAsync()).Entries[^1].Amount);
        await Alice.Client.PayAsync(new PayRequest("40"));
        Assert.Contains("nothing more", (await RefusedAsync(new PayRequest("0.01"))).Detail, StringComparison.Ordinal);
        await Bob.DisposeAsync();
        await Eventually.IsTrueAsync(
            async () => !(await Alice.Client.GetPeersAsync()).Known[0].Online, "alice sees that bob is off");
        Assert.Contains("nothing more", (await RefusedAsync(new PayRequest("0.01"))).Detail, StringComparison.Ordinal);
        Bob = await RunningTestNode.StartAsync(Bob.Options with { ListenPort = Bob.Host.ListenEndPoint!.Port });
        await Bob.UntilReadyAsync("alice");
        await Bob.Client.SetLimitAsync("alice", new LimitRequest("none"));
        await Eventually.IsTrueAsync(
            async () => (await Alice.Client.GetBalancesAsync()).Tabs[0].CanPay is null, "the limit is gone");
    }

    [Fact]
    public async Task The_same_request_twice_pays_once_and_another_under_its_id_is_refused()
    {
        var id = Alice.Client.NewRequestId();
        var first = await Alice.Client.PayAsync(new PayRequest("10", RequestId: id, WaitMs: 10_000));
        var again = await Alice.Client.PayAsync(new PayRequest("10.00", RequestId: id));
        Assert.Equal((first.Id, PaymentStates.Delivered), (again.Id, again.State));
        Assert.Equal("request-id-reused", (await RefusedAsync(new PayRequest("11", RequestId: id))).Refusal);
        await Alice.UntilBalanceAsync("-10.00");
        Assert.Equal(PaymentStates.Delivered, (await Alice.Client.GetPaymentAsync(id)).State);
        Assert.Equal(id, (await Alice.Client.GetPaymentAsync(first.Id)).RequestId);
    }

    [Fact]
    public async Task A_payment_to_one_who_is_off_is_queued_survives_a_restart_can_be_cancelled_and_is_delivered_once()
    {
        await Bob.DisposeAsync();
        await Eventually.IsTrueAsync(
            async () => !(await Alice.Client.GetPeersAsync()).Known[0].Online, "alice sees that Bob is off");
        var kept = await Alice.Client.PayAsync(new PayRequest("5", Memo: "kept"));
        var cancelled = await Alice.Client.PayAsync(new PayRequest("7"));
        Assert.Equal((PaymentStates.Queued, "bob is off."), (kept.State, kept.Reason));
        Assert.Equal(PaymentStates.Cancelled, (await Alice.Client.CancelAsync(cancelled.Id)).State);
        Alice = await Alice.RestartAsync();
        Assert.Equal("5.00", (await Alice.Client.GetBalancesAsync()).Tabs[0].Queued);
        var notices = Listen(Alice, out var told);
        await told;
        Bob = await RunningTestNode.StartAsync(Bob.Options with { ListenPort = Bob.Host.ListenEndPoint!.Port });
        await Bob.UntilBalanceAsync("5.00");
        var delivered = await notices.FirstAsync(notice => notice.Kind == NoticeKinds.Delivered);
        Assert.Equal(
            ("bob", "5.00", kept.Id, "kept"), (delivered.Peer, delivered.Amount, delivered.Id, delivered.Text));
        Assert.Equal("already-sent", (await RefusedAsync(() => Alice.Client.CancelAsync(kept.RequestId))).Refusal);
        var history = (await Alice.Client.GetHistoryAsync()).Entries.Where(entry => entry.Kind == "pay");
        Assert.Equal(
            [("5.00", PaymentStates.Delivered), ("7.00", PaymentStates.Cancelled)],
            history.Select(entry => (entry.Amount!, entry.State)).Order());
    }

    [Fact]
    public async Task The_history_can_be_read_backwards_in_parts_without_gap_or_repetition()
    {
        for (var i = 1; i <= 7; i++)
            await (i % 2 == 0 ? Bob : Alice).Client.PayAsync(new PayRequest($"{i}", WaitMs: 10_000));
        var whole = (await Alice.Client.GetHistoryAsync()).Entries;
        Assert.Equal(7, whole.Count(entry => entry.Kind == "pay"));
        var parts = new List<HistoryEntry>();
        string? before = null;
        do
        {
            var part = await Alice.Client.GetHistoryAsync(most: 2, before: before);
            parts.InsertRange(0, part.Entries);
            before = part.Before;
        }
        while (before is not null);
        Assert.Equal(whole, parts);
    }

    [Fact]
    public async Task The_other_side_is_told_of_payments_limits_and_leaving()
    {
        var notices = Listen(Bob, out var subscribed);
        await subscribed;
        var paid = await Alice.Client.PayAsync(new PayRequest("10", Memo: "pizza"));
        await Alice.Client.SetLimitAsync("bob", new LimitRequest("50"));
        Assert.Equal(
            new Notice(NoticeKinds.Paid, "alice", "10.00", "credits", "pizza", paid.Id),
            await notices.FirstAsync(notice => notice.Kind == NoticeKinds.Paid) with { Sequence = 0 });
        Assert.Equal("50.00", (await notices.FirstAsync(notice => notice.Kind == NoticeKinds.Limit)).Amount);
        Alice = await Alice.RestartAsync();
        await notices.FirstAsync(notice => notice is { Kind: NoticeKinds.Disconnected, Peer: "alice" });
        await notices.FirstAsync(notice => notice is { Kind: NoticeKinds.Connected, Peer: "alice" });
    }

    [Fact]
    public async Task A_peer_is_removed_only_at_zero_or_by_force_and_comes_back_when_accepted()
    {
        await Alice.Client.PayAsync(new PayRequest("3", WaitMs: 10_000));
        var refused = await RefusedAsync(() => Bob.Client.RemovePeerAsync("alice"));
        Assert.Equal("not-settled", refused.Refusal);
        Assert.Contains("alice owes you 3.00 credits", refused.Detail, StringComparison.Ordinal);
        await Bob.Client.RemovePeerAsync("alice", force: true);
        Assert.Empty((await Bob.Client.GetPeersAsync()).Known);
        Assert.Empty((await Bob.Client.GetBalancesAsync()).Tabs);
        await AcceptAsync(Bob, Alice);
        await Bob.UntilBalanceAsync("3.00");
        await Bob.Client.PayAsync(new PayRequest("3", WaitMs: 10_000));
        await Bob.Client.RemovePeerAsync("alice");
    }

    [Theory]
    [InlineData("update page set signature = zeroblob(64) where seq = 3", "bad signature")]
    [InlineData(
        "update page set bytes = cast(replace(cast(bytes as text), 'pizza', 'pasta') as blob)", "bad signature")]
    [InlineData("delete from page where number = 1 and author = 0", "does not follow")]
    [InlineData("update page set bytes = x'00' where seq = 2", "damaged")]
    public async Task A_book_that_was_tampered_with_does_not_match(string tampering, string expected)
    {
        await Alice.Client.PayAsync(new PayRequest("10", Memo: "pizza", WaitMs: 10_000));
        await Bob.Client.PayAsync(new PayRequest("4", WaitMs: 10_000));
        await Bob.DisposeAsync();
        var options = Alice.Options;
        await Alice.DisposeAsync();
        using (var book = SqliteConnection.Open(Path.Combine(options.DataFolder, BookFile.Name), readOnly: false))
            book.Execute(tampering);
        Alice = await RunningTestNode.StartAsync(options);
        var proofs = await Alice.Client.VerifyAsync();
        Assert.False(proofs.Matches);
        Assert.Contains(expected, Assert.Single(proofs.Tabs).Line, StringComparison.Ordinal);
    }

    private static async Task AcceptAsync(RunningTestNode at, RunningTestNode knocking)
    {
        await Eventually.IsTrueAsync(
            async () => (await at.Client.GetPeersAsync()).Strangers.Count == 1, "a stranger knocks");
        var accepted = await at.Client.AcceptPeerAsync(new AcceptPeerRequest(knocking.Host.Fingerprint[..9]));
        Assert.Equal(knocking.Options.Name, accepted.Name);
    }

    private static NoticeLog Listen(RunningTestNode node, out Task subscribed)
    {
        var log = new NoticeLog(node.Client);
        subscribed = log.Subscribed;
        return log;
    }

    private Task<Problem> RefusedAsync(PayRequest request) => RefusedAsync(() => Alice.Client.PayAsync(request));

    private static async Task<Problem> RefusedAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<TallystickException>(call)).Problem;

    private async Task NothingWasPaidAsync()
    {
        Assert.DoesNotContain((await Alice.Client.GetHistoryAsync()).Entries, entry => entry.Kind == "pay");
        Assert.Equal("0.00", (await Alice.Client.GetBalancesAsync()).Tabs[0].Balance);
    }
}
