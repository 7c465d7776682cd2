using Tallystick.Ordeal.Checking;

namespace Tallystick.Ordeal.Nodes;

/// <summary>How long both chains of every tab are in a node's book, read while it runs.</summary>
internal sealed record Heads(IReadOnlyDictionary<(string Tab, long Author), long> Newest)
{
    public static Heads Of(NodeUnderTest node)
    {
        using var book = Sqlite.Read(Path.Combine(node.Folder, Book.FileName));
        return new Heads(book.Rows(
            "select t.tab_id, p.author, max(p.number) from page p join tab t on t.id = p.tab group by 1, 2",
            row => (Tab: Convert.ToHexString(row.Bytes(0)), Author: row.Long(1), Number: row.Long(2)))
            .ToDictionary(r => (r.Tab, r.Author), r => r.Number));
    }

    /// <summary>Whether everything that the other had of the tabs that both have is here, too.</summary>
    public bool Reach(Heads other)
    {
        var mine = Newest.Keys.Select(key => key.Tab).ToHashSet(StringComparer.Ordinal);
        return other.Newest.All(head => !mine.Contains(head.Key.Tab)
            || Newest.GetValueOrDefault(head.Key) >= head.Value);
    }
}
