using System.Collections.Immutable;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>
/// Reads and writes tables party and object: the two folds of each tab, row by row where they changed.
/// </summary>
internal static class FoldRows
{
    public const int Mine = 0;
    public const int Theirs = 1;

    private const int SettlementKind = 0;
    private const int HoldKind = 1;

    private const string SelectParty =
        """
        select head, head_hash, seen, seen_hash, last_with_lines, given, held, credit_limit, has_limit, version,
            settlements_forgotten_to, holds_forgotten_to
        from party where tab = ?1 and fold = ?2 and party = ?3
        """;

    private const string UpsertParty =
        "insert or replace into party values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

    private const string SelectObjects =
        "select creator, page, line, record from object where tab = ?1 and fold = ?2 and kind = ?3";

    private const string UpsertObject = "insert or replace into object values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    private const string DeleteObject =
        "delete from object where tab = ?1 and fold = ?2 and kind = ?3 and creator = ?4 and page = ?5 and line = ?6";

    public static Fold Read(SqliteConnection book, long tab, TabId id, int fold) => new()
    {
        Tab = id,
        Zero = ReadParty(book, tab, fold, Party.Zero),
        One = ReadParty(book, tab, fold, Party.One),
        Settlements = ReadObjects(
            book, tab, fold, SettlementKind, (key, record) => ObjectRecords.DecodeSettlement(key.Creator, record)),
        Holds = ReadObjects(book, tab, fold, HoldKind, ObjectRecords.DecodeHold),
    };

    public static void Write(SqliteConnection book, long tab, int fold, Fold? before, Fold after)
    {
        if (ReferenceEquals(before, after))
            return;
        WriteParty(book, tab, fold, Party.Zero, before?.Zero, after.Zero);
        WriteParty(book, tab, fold, Party.One, before?.One, after.One);
        WriteObjects(book, tab, fold, SettlementKind, before?.Settlements, after.Settlements, ObjectRecords.Encode);
        WriteObjects(book, tab, fold, HoldKind, before?.Holds, after.Holds, ObjectRecords.Encode);
    }

    private static PartyFold ReadParty(SqliteConnection book, long tab, int fold, Party party)
    {
        var row = book.For(SelectParty).Bind(1, tab).Bind(2, fold).Bind(3, (long)party);
        if (!row.Step())
            throw new InvalidDataException($"Tab {tab} has no totals of party {party} in fold {fold}.");
        var read = new PartyFold
        {
            Head = new Head(row.Long(0), row.Hash(1)),
            Seen = new Head(row.Long(2), row.Hash(3)),
            LastPageWithLines = row.Long(4),
            Given = row.Long(5),
            Held = row.Long(6),
            Limit = row.IsNull(7) ? CreditLimit.None : CreditLimit.FromUnits(row.Long(7)),
            HasLimit = row.Bool(8),
            Version = row.Int(9),
            SettlementsForgottenTo = row.Long(10),
            HoldsForgottenTo = row.Long(11),
        };
        row.Reset();
        return read;
    }

    private static void WriteParty(
        SqliteConnection book, long tab, int fold, Party party, PartyFold? before, PartyFold after)
    {
        if (before == after)
            return;
        book.For(UpsertParty)
            .Bind(1, tab)
            .Bind(2, fold)
            .Bind(3, (long)party)
            .Bind(4, after.Head.Number)
            .Bind(5, after.Head.Hash)
            .Bind(6, after.Seen.Number)
            .Bind(7, after.Seen.Hash)
            .Bind(8, after.LastPageWithLines)
            .Bind(9, after.Given)
            .Bind(10, after.Held)
            .Bind(11, after.Limit.IsNone ? null : after.Limit.Units)
            .Bind(12, after.HasLimit)
            .Bind(13, after.Version)
            .Bind(14, after.SettlementsForgottenTo)
            .Bind(15, after.HoldsForgottenTo)
            .Run();
    }

    private static ImmutableSortedDictionary<ObjectKey, T> ReadObjects<T>(
        SqliteConnection book, long tab, int fold, int kind, Func<ObjectKey, byte[], T> decode)
    {
        var rows = book.For(SelectObjects).Bind(1, tab).Bind(2, fold).Bind(3, kind);
        var objects = ImmutableSortedDictionary.CreateBuilder<ObjectKey, T>();
        while (rows.Step())
        {
            var key = new ObjectKey((Party)rows.Int(0), new Ref(rows.Long(1), rows.Int(2)));
            objects.Add(key, decode(key, rows.Bytes(3)));
        }
        return objects.ToImmutable();
    }

    private static void WriteObjects<T>(
        SqliteConnection book,
        long tab,
        int fold,
        int kind,
        ImmutableSortedDictionary<ObjectKey, T>? before,
        ImmutableSortedDictionary<ObjectKey, T> after,
        Func<T, byte[]> encode)
        where T : class
    {
        if (ReferenceEquals(before, after))
            return;
        before ??= ImmutableSortedDictionary<ObjectKey, T>.Empty;
        foreach (var (key, value) in after)
        {
            if (!before.TryGetValue(key, out var old) || !ReferenceEquals(old, value))
                Key(book.For(UpsertObject), tab, fold, kind, key).Bind(7, encode(value)).Run();
        }
        foreach (var (key, _) in before)
        {
            if (!after.ContainsKey(key))
                Key(book.For(DeleteObject), tab, fold, kind, key).Run();
        }
    }

    private static SqliteStatement Key(SqliteStatement statement, long tab, int fold, int kind, ObjectKey key) =>
        statement
            .Bind(1, tab)
            .Bind(2, fold)
            .Bind(3, kind)
            .Bind(4, (long)key.Creator)
            .Bind(5, key.Ref.Page)
            .Bind(6, key.Ref.Line);
}
