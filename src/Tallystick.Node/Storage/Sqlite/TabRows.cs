using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes tables tab and freeze; the folds are the work of <see cref="FoldRows"/>.</summary>
internal static class TabRows
{
    private const string SelectAll =
        """
        select id, key0, key1, asset, scale, me, mine_open_objects, theirs_open_objects, fault, signature, by_me
        from tab left join freeze on freeze.tab = tab.id
        order by id
        """;

    private const string SelectId = "select id, me from tab where tab_id = ?1";

    private const string Insert =
        """
        insert into tab (tab_id, key0, key1, asset, scale, me, mine_open_objects, theirs_open_objects)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    private const string UpdateObjects =
        "update tab set mine_open_objects = ?2, theirs_open_objects = ?3 where id = ?1";

    private const string UpsertFreeze =
        "insert or replace into freeze (tab, fault, signature, by_me) values (?1, ?2, ?3, ?4)";

    private const string DeleteFreeze = "delete from freeze where tab = ?1";

    /// <summary>A row of table tab, with the folds yet to be filled.</summary>
    public sealed record Row(long Id, TabTerms Terms, Party Me, Hash MineOpen, Hash TheirsOpen, Freeze? Freeze);

    public static List<Row> All(SqliteConnection book)
    {
        var rows = book.For(SelectAll);
        var tabs = new List<Row>();
        while (rows.Step())
        {
            var freeze = rows.IsNull(8)
                ? null
                : new Freeze(StoredBytes.Fault(rows.Bytes(8), rows.Bytes(9)), rows.Bool(10));
            tabs.Add(new Row(rows.Long(0), Terms(rows), (Party)rows.Int(5), rows.Hash(6), rows.Hash(7), freeze));
        }
        return tabs;
    }

    /// <summary>The tab's row id, or null when it is not stored yet.</summary>
    /// <exception cref="StoreConflictException">It is stored with the other party as this node's.</exception>
    public static long? Find(SqliteConnection book, TabId tab, Party me)
    {
        var rows = book.For(SelectId).Bind(1, tab.Hash);
        if (!rows.Step())
            return null;
        var (id, storedMe) = (rows.Long(0), (Party)rows.Int(1));
        rows.Reset();
        return storedMe == me
            ? id
            : throw new StoreConflictException($"Tab {tab} is stored with party {storedMe} as this node's, not {me}.");
    }

    public static long Add(SqliteConnection book, TabTerms terms, Party me)
    {
        book.For(Insert)
            .Bind(1, terms.Id.Hash)
            .Bind(2, terms.Key0.ToArray())
            .Bind(3, terms.Key1.ToArray())
            .Bind(4, terms.Asset.Code)
            .Bind(5, terms.Asset.Scale)
            .Bind(6, (long)me)
            .Bind(7, default(Hash))
            .Bind(8, default(Hash))
            .Run();
        return book.LastId;
    }

    /// <summary>Writes what differs between two snapshots of a tab.</summary>
    public static void Write(SqliteConnection book, long tab, TabSnapshot? before, TabSnapshot after)
    {
        FoldRows.Write(book, tab, FoldRows.Mine, before?.Mine, after.Mine);
        FoldRows.Write(book, tab, FoldRows.Theirs, before?.Theirs, after.Theirs);
        if (before?.Mine.OpenObjects != after.Mine.OpenObjects || before.Theirs.OpenObjects != after.Theirs.OpenObjects)
            book.For(UpdateObjects).Bind(1, tab).Bind(2, after.Mine.OpenObjects).Bind(
                3, after.Theirs.OpenObjects).Run();
        ResetRows.WriteOffer(book, tab, before, after);
        if (ReferenceEquals(before?.Freeze, after.Freeze))
            return;
        if (after.Freeze is not { } freeze)
        {
            book.For(DeleteFreeze).Bind(1, tab).Run();
            return;
        }
        book.For(UpsertFreeze)
            .Bind(1, tab)
            .Bind(2, freeze.Fault.Content.Bytes.Span)
            .Bind(3, freeze.Fault.Signature.Span)
            .Bind(4, freeze.ByMe)
            .Run();
    }

    private static TabTerms Terms(SqliteStatement row) =>
        PublicKey.TryCreate(row.Bytes(1), out var key0)
        && PublicKey.TryCreate(row.Bytes(2), out var key1)
        && Asset.TryCreate(row.Text(3), row.Int(4), out var asset)
        && TabTerms.TryCreate(key0, key1, asset, out var terms)
            ? terms
            : throw new InvalidDataException($"Tab {row.Long(0)} has no valid keys and asset.");
}
