using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>What a party can do with a settlement.</summary>
public enum SettlementMove
{
    /// <summary>The proposer makes a new revision.</summary>
    Modify,

    /// <summary>The proposer takes it back.</summary>
    Withdraw,

    /// <summary>The other party says yes to the newest revision.</summary>
    Accept,

    /// <summary>The other party says no to the newest revision.</summary>
    Dispute,

    /// <summary>The proposer, as receiver, says that the money came.</summary>
    Received,
}

/// <summary>Which moves the rules allow in a view.</summary>
public static class SettlementMoves
{
    /// <summary>The moves that <paramref name="me"/> may make now, in the order of the enumeration.</summary>
    /// <param name="view">The present view.</param>
    /// <param name="settlement">As the view records it; one that it has forgotten allows nothing.</param>
    /// <param name="me">The party that asks.</param>
    /// <param name="frozen">Whether the tab is frozen.</param>
    public static IReadOnlyList<SettlementMove> Possible(Fold view, Settlement settlement, Party me, bool frozen)
    {
        var draft = new FoldDraft(view);
        return [.. Enum.GetValues<SettlementMove>().Where(move => IsPossible(move))];

        bool IsPossible(SettlementMove move)
        {
            var line = Line(move, settlement);
            return Rules.Judge(draft, me, line) is null
                && IsOf(move, isProposer: me == settlement.Proposer)
                && (!frozen || Rules.AllowedWhenFrozen(view, me, line));
        }
    }

    // Both chains may have a line of the same place, so the rules alone cannot tell whose settlement is meant.
    private static bool IsOf(SettlementMove move, bool isProposer) =>
        move is SettlementMove.Accept or SettlementMove.Dispute != isProposer;

    private static Line Line(SettlementMove move, Settlement settlement)
    {
        var (id, newest) = (default(RequestId), settlement.Newest);
        return move switch
        {
            SettlementMove.Modify =>
                new ModifyLine(id, settlement.Ref, newest.Amount, newest.Method, newest.Reference),
            SettlementMove.Withdraw => new WithdrawLine(id, settlement.Ref),
            SettlementMove.Accept => new AcceptLine(id, newest.Ref),
            SettlementMove.Dispute => new DisputeLine(id, newest.Ref, string.Empty),
            _ => new ReceivedLine(id, newest.Ref),
        };
    }
}
