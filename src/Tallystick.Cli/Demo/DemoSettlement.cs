using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Demo;

/// <summary>Alice pays a part back in cash: she says too much, Bob disputes it, she changes it, he accepts.</summary>
/// <param name="say">Tells a line.</param>
/// <param name="expect">Notes what must hold, and what to say where it does not.</param>
/// <param name="until">Waits, with a deadline, for what must come.</param>
internal sealed class DemoSettlement(
    DemoAlice alice,
    DemoBob bob,
    Action<string> say,
    Action<bool, string> expect,
    Func<string, Func<Task<bool>>, CancellationToken, Task> until)
{
    public async Task TellAsync(CancellationToken stop)
    {
        var id = (await alice.Client.SettleAsync(
            new SettleRequest("5", "bob", SettlementPayers.Me, "cash"), stop)).Settlement.Id;
        Tell("Alice gave Bob cash, and proposes", (await alice.Client.GetSettlementAsync(id, stop)).Settlement);
        await UntilAsync(bob.Client, id, SettlementStates.Proposed, stop);
        await bob.Client.DisputeSettlementAsync(id, new AnswerRequest(1, "it was 3"), stop);
        await UntilAsync(alice.Client, id, SettlementStates.Disputed, stop);
        say("Bob disputes it: it was 3.");
        var modified = (await alice.Client.ModifySettlementAsync(id, new ModifyRequest("3"), stop)).Settlement;
        Tell("Alice modifies it", modified);
        await UntilAsync(bob.Client, modified.Id, SettlementStates.Proposed, stop);

        var stale = await AcceptAsync(id, revision: 1, stop);
        expect(stale == "not-newest", $"accepting what was replaced is {stale}, not refused as not-newest");
        var accepted = await AcceptAsync(id, modified.Revision, stop);
        expect(accepted == SettlementStates.Settled, $"accepting it makes it {accepted}, not settled");
        await UntilAsync(alice.Client, id, SettlementStates.Settled, stop);
        var settled = (await alice.Client.GetSettlementAsync(id, stop)).Settlement;
        expect(settled.Amount == modified.Amount, $"it is settled at {settled.Amount}, not {modified.Amount}");
        say($"Bob accepts: {settled.State} at {settled.Amount} {settled.Asset}, in both books.");
    }

    private void Tell(string who, SettlementInfo settlement) => say($"{who}: {Harmless.Text(settlement.Title)}.");

    private async Task<string> AcceptAsync(string id, int revision, CancellationToken stop)
    {
        try
        {
            return (await bob.Client.AcceptSettlementAsync(id, new AnswerRequest(revision), stop)).Settlement.State;
        }
        catch (TallystickException refused)
        {
            return refused.Problem.Refusal;
        }
    }

    private Task UntilAsync(TallystickClient client, string id, string state, CancellationToken stop) => until(
        $"settlement {id} is {state}",
        async () => (await client.GetSettlementsAsync(cancel: stop)).Settlements.Any(each =>
            each.State == state && (each.Id == id || each.Id.Split('.')[0] == id)),
        stop);
}
