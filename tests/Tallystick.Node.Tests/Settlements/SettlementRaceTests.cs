using System.Collections.Concurrent;
using System.Globalization;
using Tallystick.Client;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Settlements;

/// <summary>
/// Bob accepts while Alice modifies, for real: two nodes, two clients, no order but that of the machine. Whatever
/// comes first, both sides end at one state and one amount, and nothing is booked but what the acceptor saw.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SettlementRaceTests(ITestOutputHelper output) : TwoNodes
{
    private const int Races = 1_000;
    private const int AtOnce = 8;
    private const string First = "20.00";
    private const string Second = "15.00";

    private readonly ConcurrentDictionary<string, int> outcomes = new();
    private long bookedCents;

    [Theory]
    [InlineData(SettlementPayers.Me)]
    [InlineData(SettlementPayers.Peer)]
    public async Task An_acceptance_never_books_another_amount_than_the_one_that_was_seen(string payer)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Races),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (race, _) => await RaceAsync(race, payer));

        foreach (var (outcome, count) in outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            output.WriteLine($"{count,5}  {outcome}");
        Assert.Equal(Races, outcomes.Values.Sum());
        // Both must have been first now and then, or it was no race.
        Assert.True(outcomes.Count >= 2, "one side was always first");
        var booked = (bookedCents / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        var bobOwes = payer == SettlementPayers.Me ? booked : "0.00";
        await Alice.UntilBalanceAsync(bobOwes);
        await Bob.UntilBalanceAsync(bobOwes == "0.00" ? bobOwes : "-" + bobOwes);
        Assert.True((await Alice.Client.VerifyAsync()).Matches);
        Assert.True((await Bob.Client.VerifyAsync()).Matches);
    }

    private async Task RaceAsync(int race, string payer)
    {
        var id = (await Alice.Client.SettleAsync(
            new SettleRequest("20", Payer: payer, Reference: $"race {race}"))).Settlement.Id;
        await UntilAsync(Bob, id, _ => true);

        // Whoever is started first is usually first; each is in turn.
        Func<Task<string>> modify = () => TryAsync(
            () => Alice.Client.ModifySettlementAsync(id, new ModifyRequest("15")));
        Func<Task<string>> accept = () => TryAsync(
            () => Bob.Client.AcceptSettlementAsync(id, new AnswerRequest(1, Twins: TwinChoices.Keep)));
        var answers = await Task.WhenAll((race % 2 == 0 ? [modify, accept] : (Func<Task<string>>[])[accept, modify])
            .Select(start => Task.Run(start)));
        var (modified, accepted) = race % 2 == 0 ? (answers[0], answers[1]) : (answers[1], answers[0]);
        Assert.Contains(modified, (string[])["done", "closed"]);
        Assert.Contains(accepted, (string[])["done", "not-newest"]);

        var alices = await EndAsync(Alice, id, payer, modified, accepted);
        var bobs = await EndAsync(Bob, id, payer, modified, accepted);
        Assert.Equal((alices.State, alices.Amount), (bobs.State, bobs.Amount));
        if (alices.State == SettlementStates.Settled)
        {
            Assert.Equal(First, alices.Amount);
            Assert.Equal("done", accepted);
            Interlocked.Add(ref bookedCents, 2_000);
        }
        outcomes.AddOrUpdate(
            $"modify {modified}, accept {accepted}: {alices.State} {alices.Amount}", 1, (_, count) => count + 1);
        // No more than 32 may be open at once.
        if (alices.State != SettlementStates.Settled)
            await Alice.Client.WithdrawSettlementAsync(id);
    }

    // What both answers together must lead to, on either side.
    private static Task<SettlementInfo> EndAsync(
        RunningTestNode node, string id, string payer, string modified, string accepted)
    {
        var books = payer == SettlementPayers.Me;
        var (state, amount) = (modified, accepted) switch
        {
            (_, "done") when books => (SettlementStates.Settled, First),
            ("done", _) => (SettlementStates.Proposed, Second),
            (_, "done") => (SettlementStates.Agreed, First),
            _ => throw new InvalidOperationException($"Neither was first: {modified}, {accepted}."),
        };
        return UntilAsync(node, id, info => info.State == state && info.Amount == amount);
    }

    private static async Task<string> TryAsync(Func<Task<SettlementResult>> call)
    {
        try
        {
            await call();
            return "done";
        }
        catch (TallystickException refused)
        {
            return refused.Problem.Refusal;
        }
    }

    private static Task<SettlementInfo> UntilAsync(RunningTestNode node, string id, Predicate<SettlementInfo> holds) =>
        Eventually.GetAsync(
            async () =>
            {
                try
                {
                    var info = (await node.Client.GetSettlementAsync(id)).Settlement;
                    return holds(info) ? info : null;
                }
                catch (TallystickException notYet) when (notYet.Problem.Refusal == "unknown-settlement")
                {
                    return null;
                }
            },
            $"settlement {id} at {node.Options.Name}");
}
