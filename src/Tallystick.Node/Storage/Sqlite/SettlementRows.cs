using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes table settlement_line: where the lines of each settlement stand.</summary>
internal static class SettlementRows
{
    // By the rules a proposer has fewer: 32 revisions, and one line that closes.
    private const int MostByCreator = 64;

    private const string Insert =
        "insert into settlement_line (seq, at, tab, creator, page, line, by_creator, name)";

    private const string ThisPage =
        "select seq from page where tab = ?1 and author = ?2 and number = ?3";

    private const string AddOwn = $"{Insert} values (({ThisPage}), ?4, ?1, ?2, ?5, ?6, 1, ?7)";

    // An answer names a revision; the settlement is that of the line which made the revision.
    private const string AddAnswer =
        $"""
        {Insert}
        select ({ThisPage}), ?4, ?1, named.creator, named.page, named.line, named.creator = ?2, null
        from settlement_line named join page on page.seq = named.seq
        where page.tab = ?1 and page.author = ?5 and page.number = ?6 and named.at = ?7
        """;

    private const string Delete =
        """
        delete from settlement_line
        where seq in (select seq from page where tab = ?1 and author = ?2 and number > ?3)
        """;

    private const string SelectNewest =
        """
        select seq, at, creator, page, line from settlement_line
        where tab = (select id from tab where tab_id = ?1) and name is not null and (seq, at) < (?2, ?3)
        order by seq desc, at desc limit ?4
        """;

    private const string SelectNamed =
        """
        select s.seq, s.at, s.creator, s.page, s.line, t.tab_id
        from settlement_line s join tab t on t.id = s.tab
        where s.name is not null and s.name between ?1 and ?2
        order by s.seq desc, s.at desc limit ?3
        """;

    private const string SelectOf =
        """
        select s.creator, s.page, s.line from settlement_line s join page p on p.seq = s.seq
        where p.tab = (select id from tab where tab_id = ?1) and p.author = ?2 and p.number = ?3 and s.at = ?4
        """;

    private const string SelectLines =
        """
        select seq, at from settlement_line
        where tab = (select id from tab where tab_id = ?1)
            and creator = ?2 and page = ?3 and line = ?4 and by_creator = ?5
        order by seq desc, at desc limit ?6
        """;

    private const string SelectPagesWithLines =
        "select seq, tab from page where has_lines = 1 and seq > ?1 order by seq limit 256";

    /// <summary>Notes the settlement lines of a page that was just appended.</summary>
    public static void Append(SqliteConnection book, long tab, Page page)
    {
        for (var at = 0; at < page.Lines.Length; at++)
            Append(book, tab, page, at);
    }

    /// <summary>Notes those of every page that is there, for a book of an earlier version.</summary>
    public static void AddAll(SqliteConnection book)
    {
        var last = 0L;
        while (true)
        {
            var found = new List<(long Sequence, long Tab)>();
            var rows = book.For(SelectPagesWithLines).Bind(1, last);
            while (rows.Step())
                found.Add((rows.Long(0), rows.Long(1)));
            if (found.Count == 0)
                return;
            foreach (var (sequence, tab) in found)
                TryAdd(book, tab, sequence);
            last = found[^1].Sequence;
        }
    }

    // A damaged page keeps nobody from opening the book; verify names it.
    private static void TryAdd(SqliteConnection book, long tab, long sequence)
    {
        try
        {
            Append(book, tab, PageRows.One(book, sequence).Page.Page);
        }
        catch (InvalidDataException)
        {
        }
    }

    /// <summary>Forgets those of pages that are about to be dropped.</summary>
    public static void DeleteAfter(SqliteConnection book, long tab, Party author, long number) =>
        book.For(Delete).Bind(1, tab).Bind(2, (long)author).Bind(3, number).Run();

    public static List<StoredSettlement> Newest(
        SqliteConnection book, IReadOnlyCollection<TabId> tabs, StoredPlace before, int most)
    {
        var found = new List<StoredSettlement>();
        foreach (var tab in tabs)
        {
            var rows = book.For(SelectNewest)
                .Bind(1, tab.Hash).Bind(2, before.Sequence).Bind(3, before.Line).Bind(4, most);
            while (rows.Step())
                found.Add(Settlement(rows, tab));
        }
        return [.. found.OrderByDescending(each => each.At.Sequence).ThenByDescending(each => each.At.Line).Take(most)];
    }

    public static List<StoredSettlement> Find(SqliteConnection book, uint first, uint last, int most)
    {
        var rows = book.For(SelectNamed).Bind(1, first).Bind(2, last).Bind(3, most);
        var found = new List<StoredSettlement>();
        while (rows.Step())
            found.Add(Settlement(rows, new TabId(rows.Hash(5))));
        return found;
    }

    public static ObjectKey? Of(SqliteConnection book, TabId tab, Party author, Ref line)
    {
        var row = book.For(SelectOf).Bind(1, tab.Hash).Bind(2, (long)author).Bind(3, line.Page).Bind(4, line.Line);
        ObjectKey? found = row.Step()
            ? new ObjectKey((Party)row.Long(0), new Ref(row.Long(1), row.Int(2)))
            : null;
        row.Reset();
        return found;
    }

    public static List<StoredLine> Lines(SqliteConnection book, TabId tab, ObjectKey settlement, int mostAnswers)
    {
        var places = new List<StoredPlace>();
        foreach (var (byCreator, most) in ((bool, int)[])[(true, MostByCreator), (false, mostAnswers)])
        {
            var rows = book.For(SelectLines)
                .Bind(1, tab.Hash)
                .Bind(2, (long)settlement.Creator)
                .Bind(3, settlement.Ref.Page)
                .Bind(4, settlement.Ref.Line)
                .Bind(5, byCreator)
                .Bind(6, most);
            while (rows.Step())
                places.Add(new StoredPlace(rows.Long(0), rows.Int(1)));
        }
        var lines = new List<StoredLine>();
        foreach (var place in places.OrderBy(place => place.Sequence).ThenBy(place => place.Line))
        {
            var page = lines is [.., var before] && before.Stored.Sequence == place.Sequence
                ? before.Stored
                : PageRows.One(book, place.Sequence);
            lines.Add(new StoredLine(page, place.Line));
        }
        return lines;
    }

    private static void Append(SqliteConnection book, long tab, Page page, int at)
    {
        switch (page.Lines[at])
        {
            case ProposeLine propose:
                Own(new Ref(page.Number, at), NameOf(propose.RequestId));
                break;
            case ModifyLine modify:
                Own(modify.Settlement, name: null);
                break;
            case WithdrawLine withdraw:
                Own(withdraw.Settlement, name: null);
                break;
            case AcceptLine accept:
                Answer(page.Author.Other(), accept.Revision);
                break;
            case DisputeLine dispute:
                Answer(page.Author.Other(), dispute.Revision);
                break;
            case ReceivedLine received:
                Answer(page.Author, received.Revision);
                break;
            default:
                break;
        }

        void Own(Ref settlement, long? name) =>
            Begin(AddOwn).Bind(5, settlement.Page).Bind(6, settlement.Line).Bind(7, name).Run();

        void Answer(Party creator, Ref revision) =>
            Begin(AddAnswer).Bind(5, (long)creator).Bind(6, revision.Page).Bind(7, revision.Line).Run();

        SqliteStatement Begin(string sql) =>
            book.For(sql).Bind(1, tab).Bind(2, (long)page.Author).Bind(3, page.Number).Bind(4, at);
    }

    private static long NameOf(RequestId id) => (uint)(id.Value & uint.MaxValue);

    private static StoredSettlement Settlement(SqliteStatement row, TabId tab) => new(
        tab,
        new ObjectKey((Party)row.Long(2), new Ref(row.Long(3), row.Int(4))),
        new StoredPlace(row.Long(0), row.Int(1)));
}
