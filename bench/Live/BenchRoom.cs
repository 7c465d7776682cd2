using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Core.Settlements;
using Tallystick.Node.Api;
using Tallystick.Node.Rooms;
using Tallystick.Node.Settlements;

namespace Tallystick.Bench.Live;

/// <summary>Two people in a room who settle one amount after another, as fast as they see what the other did.</summary>
internal sealed class BenchRoom(RoomVisit visit) : IDisposable
{
    private readonly SemaphoreSlim changed = new(0);
    private readonly NodeParts a = visit.Room.Party(RoomRole.A).Node;
    private readonly NodeParts b = visit.Room.Party(RoomRole.B).Node;

    public RoomId Id => visit.Room.Id;

    /// <summary>Something happened in the room.</summary>
    public void Changed() => changed.Release();

    /// <summary>From the proposal until its proposer sees that it is settled.</summary>
    /// <returns>Ticks of the stopwatch.</returns>
    public async Task<long> SettleAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        var proposed = await new SettlementDesk(a).ProposeAsync(
            new SettleRequest("20", Payer: SettlementPayers.Me, Method: "cash"), CancellationToken.None);
        var id = proposed.Value!.Settlement.Id;
        await UntilAsync(b, id, SettlementStates.Proposed);
        await new SettlementDesk(b).AnswerAsync(
            id, SettlementMove.Accept, new AnswerRequest(1, Twins: TwinChoices.Keep), CancellationToken.None);
        await UntilAsync(a, id, SettlementStates.Settled);
        return Stopwatch.GetTimestamp() - begun;
    }

    public void Dispose()
    {
        visit.Dispose();
        changed.Dispose();
    }

    // As an open page does: after each change it looks at what is there now.
    private async Task UntilAsync(NodeParts party, string id, string state)
    {
        while (new SettlementBook(party).Find(id).Value is not { } known || known.State != state)
            await changed.WaitAsync();
    }
}
