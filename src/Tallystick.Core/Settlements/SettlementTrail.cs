using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Settlements;

/// <summary>One line of a settlement and who wrote it where.</summary>
/// <param name="Author">Its author.</param>
/// <param name="At">Its place in the author's chain.</param>
/// <param name="Line">The line.</param>
public readonly record struct TrailLine(Party Author, Ref At, Line Line);

/// <summary>A settlement from its lines alone, for those that folds have forgotten.</summary>
public static class SettlementTrail
{
    /// <summary>The record that these lines give. Applying never judges, so they must come from judged pages.</summary>
    /// <param name="tab">The tab.</param>
    /// <param name="lines">
    /// Lines of one settlement, the proposal first, each after the revision that it names. Answers may be missing.
    /// </param>
    /// <exception cref="InvalidOperationException">A bug: a line names what no line before it made.</exception>
    public static Settlement Fold(TabId tab, IEnumerable<TrailLine> lines)
    {
        var draft = new FoldDraft(Tabs.Fold.Empty(tab));
        foreach (var line in lines)
            draft.Apply(line.Author, line.At, line.Line);
        return draft.Settlements.Values.Single();
    }

    /// <summary>The number, from 1, of the revision that <paramref name="line"/> makes or names; 0 for none.</summary>
    public static int NumberOf(Settlement settlement, TrailLine line) => line.Line switch
    {
        ProposeLine or ModifyLine => NumberOf(settlement, line.At),
        AcceptLine accept => NumberOf(settlement, accept.Revision),
        DisputeLine dispute => NumberOf(settlement, dispute.Revision),
        ReceivedLine received => NumberOf(settlement, received.Revision),
        _ => 0,
    };

    /// <summary>The number, from 1, of a revision; 0 when there is none of that name.</summary>
    public static int NumberOf(Settlement settlement, Ref revision)
    {
        for (var i = 0; i < settlement.Revisions.Length; i++)
        {
            if (settlement.Revisions[i].Ref == revision)
                return i + 1;
        }
        return 0;
    }

    /// <summary>The revision that counts: the one that was booked, else the newest.</summary>
    public static Revision Shown(Settlement settlement) =>
        settlement.Booked is { } booked ? settlement.Find(booked)! : settlement.Newest;
}
