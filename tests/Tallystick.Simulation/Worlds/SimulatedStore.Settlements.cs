using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Simulation.Worlds;

/// <content>Settlements, found by reading every page: short, and right for a disk in memory.</content>
internal sealed partial class SimulatedStore
{
    public IReadOnlyList<StoredSettlement> ReadNewestSettlements(
        IReadOnlyCollection<TabId> of, StoredPlace before, int most) =>
        [
            .. (from tab in of.Where(tabs.ContainsKey)
                from line in SettlementLines(tab)
                where line.Line.Line is ProposeLine
                let at = new StoredPlace(line.Line.Stored.Sequence, line.Line.Index)
                where (at.Sequence, at.Line).CompareTo((before.Sequence, before.Line)) < 0
                orderby at.Sequence descending, at.Line descending
                select new StoredSettlement(tab, line.Of, at)).Take(most),
        ];

    public IReadOnlyList<StoredSettlement> FindSettlements(uint first, uint last, int most) =>
        [
            .. (from tab in tabs.Keys
                from line in SettlementLines(tab)
                where line.Line.Line is ProposeLine
                let name = (uint)(line.Line.Line.RequestId.Value & uint.MaxValue)
                where name >= first && name <= last
                let at = new StoredPlace(line.Line.Stored.Sequence, line.Line.Index)
                orderby at.Sequence descending, at.Line descending
                select new StoredSettlement(tab, line.Of, at)).Take(most),
        ];

    public ObjectKey? FindSettlement(TabId tab, Party author, Ref line)
    {
        foreach (var (of, stored) in SettlementLines(tab))
        {
            if (stored.Page.Author == author && stored.At == line)
                return of;
        }
        return null;
    }

    public IReadOnlyList<StoredLine> ReadSettlementLines(TabId tab, ObjectKey settlement, int mostAnswers)
    {
        var lines = SettlementLines(tab).Where(line => line.Of == settlement).Select(line => line.Line).ToList();
        var answers = lines.Where(line => line.Page.Author != settlement.Creator).TakeLast(mostAnswers).ToHashSet();
        return [.. lines.Where(line => line.Page.Author == settlement.Creator || answers.Contains(line))];
    }

    private List<(ObjectKey Of, StoredLine Line)> SettlementLines(TabId tab)
    {
        var found = new List<(ObjectKey Of, StoredLine Line)>();
        if (!tabs.TryGetValue(tab, out var chains))
            return found;
        var madeBy = new Dictionary<ObjectKey, ObjectKey>();
        foreach (var page in chains.Of(Party.Zero).Concat(chains.Of(Party.One)).OrderBy(page => page.Sequence))
        {
            for (var at = 0; at < page.Page.Page.Lines.Length; at++)
            {
                var line = new StoredLine(page, at);
                var author = line.Page.Author;
                ObjectKey? of = line.Line switch
                {
                    ProposeLine => new ObjectKey(author, line.At),
                    ModifyLine modify => new ObjectKey(author, modify.Settlement),
                    WithdrawLine withdraw => new ObjectKey(author, withdraw.Settlement),
                    AcceptLine accept => Named(author.Other(), accept.Revision),
                    DisputeLine dispute => Named(author.Other(), dispute.Revision),
                    ReceivedLine received => Named(author, received.Revision),
                    _ => null,
                };
                if (of is not { } key)
                    continue;
                madeBy[new ObjectKey(author, line.At)] = key;
                found.Add((key, line));
            }
        }
        return found;

        ObjectKey? Named(Party creator, Ref revision) =>
            madeBy.TryGetValue(new ObjectKey(creator, revision), out var of) ? of : null;
    }
}
