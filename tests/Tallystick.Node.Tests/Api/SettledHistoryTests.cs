using Tallystick.Client;

namespace Tallystick.Node.Tests.Api;

/// <summary>What the history says of settlements and asks: whose line changed the balance, and by how much.</summary>
public sealed class SettledHistoryTests : TwoNodes
{
    [Fact]
    public async Task An_ask_is_told_as_one_and_changes_the_balance_where_it_is_accepted()
    {
        var asked = await Alice.Client.SettleAsync(new SettleRequest(
            "12.50", "bob", SettlementPayers.Me, SettlementMethods.Ask, "pizza"));
        await AcceptAsync(Bob, asked.Settlement.Id);
        await Alice.UntilBalanceAsync("12.50");
        var (hers, his) = (await SettlingAsync(Alice), await SettlingAsync(Bob));
        Assert.Equal(
            [("propose", true, "12.50", "pizza", null), ("accept", false, "12.50", null, "12.50")], hers.Select(Said));
        Assert.Equal(
            [("propose", false, "12.50", "pizza", null), ("accept", true, "12.50", null, "-12.50")], his.Select(Said));
        Assert.All([.. hers, .. his], entry => Assert.True(entry.IsAsk));
        Assert.Equal(asked.Settlement.Id, (await Alice.Client.GetSettlementAsync(hers[1].Settlement!)).Settlement.Id);
    }

    [Fact]
    public async Task Where_the_payer_accepts_only_the_receivers_word_changes_the_balance()
    {
        var proposed = await Bob.Client.SettleAsync(
            new SettleRequest("5", "alice", SettlementPayers.Peer, Method: "cash"));
        await AcceptAsync(Alice, proposed.Settlement.Id);
        await Eventually.IsTrueAsync(
            async () => (await Bob.Client.GetSettlementAsync(proposed.Settlement.Id)).Settlement.State
                == SettlementStates.Agreed,
            "it is agreed");
        await Bob.Client.ReceivedSettlementAsync(proposed.Settlement.Id, new AnswerRequest(1));
        await Alice.UntilBalanceAsync("5.00");
        var hers = await SettlingAsync(Alice);
        Assert.Equal(
            [
                ("propose", false, "5.00", "cash", null),
                ("accept", true, "5.00", null, null),
                ("received", false, "5.00", null, "5.00"),
            ],
            hers.Select(Said));
        Assert.All(hers, entry => Assert.False(entry.IsAsk));
    }

    [Fact]
    public async Task A_payment_changes_it_while_it_waits_and_no_more_once_it_is_cancelled()
    {
        await Bob.Host.DisposeAsync();
        await Eventually.IsTrueAsync(
            async () => !(await Alice.Client.GetPeersAsync()).Known.Single().Online, "alice notices that bob is off");
        var queued = await Alice.Client.PayAsync(new PayRequest("3", "bob"));
        Assert.Equal("-3.00", (await Alice.Client.GetHistoryAsync()).Entries[^1].Change);
        await Alice.Client.CancelAsync(queued.RequestId);
        Assert.Null((await Alice.Client.GetHistoryAsync()).Entries[^1].Change);
    }

    private static async Task AcceptAsync(RunningTestNode who, string id)
    {
        await Eventually.IsTrueAsync(
            async () => (await who.Client.GetSettlementsAsync()).Settlements.Any(each => each.Id == id), "it is seen");
        await who.Client.AcceptSettlementAsync(id, new AnswerRequest(1));
    }

    private static async Task<IReadOnlyList<HistoryEntry>> SettlingAsync(RunningTestNode who) =>
        [.. (await who.Client.GetHistoryAsync()).Entries.Where(entry => entry.Settlement is not null)];

    private static (string, bool, string?, string?, string?) Said(HistoryEntry entry) =>
        (entry.Kind, entry.Mine, entry.Amount, entry.Text, entry.Change);
}
