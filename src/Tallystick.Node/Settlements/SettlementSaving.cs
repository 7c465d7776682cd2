using Tallystick.Core.Settlements;
using Tallystick.Node.Api;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Settlements;

/// <summary>Makes the file that proves a settlement to anybody.</summary>
internal static class SettlementSaving
{
    /// <summary>Every page that carries one of its lines, and each author's page before.</summary>
    /// <param name="node">Where it is stored.</param>
    /// <param name="known">The settlement.</param>
    /// <param name="bothKeysHere">Whether this node holds the keys of both parties.</param>
    public static Answer<byte[]> Save(NodeParts node, KnownSettlement known, bool bothKeysHere = false)
    {
        var (tab, terms) = (known.Tab.Terms.Id, known.Tab.Terms);
        // Each of these pages may need the one before it.
        const int MostLines = SettlementFile.MaxPages / 2;
        var lines = node.Store.ReadSettlementLines(tab, known.Key, MostLines);
        if (lines.Count >= MostLines)
            return Problems.Refused("too-many-answers", $"It has more than {MostLines} lines: too many for a file.");
        var pages = new SortedDictionary<long, StoredPage>();
        foreach (var stored in lines.Select(line => line.Stored))
        {
            pages[stored.Sequence] = stored;
            var page = stored.Page.Page;
            // A reset leaves a gap in the numbers; then there is no page before.
            if (node.Store.ReadPages(tab, page.Author, page.Number - 1, 1) is [var before]
                && before.Page.Page.Number == page.Number - 1)
            {
                pages[before.Sequence] = before;
            }
        }
        return SettlementFileCodec.Encode(new SettlementFile
        {
            Key0 = terms.Key0,
            Key1 = terms.Key1,
            Asset = terms.Asset,
            Origin = bothKeysHere ? SettlementFileOrigin.BothKeys : (SettlementFileOrigin)(byte)known.Tab.Me,
            Settlement = known.Key,
            Pages = [.. pages.Values.Select(stored => stored.Page)],
        });
    }
}
