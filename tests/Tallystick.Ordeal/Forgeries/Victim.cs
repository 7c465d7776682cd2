using Tallystick.Ordeal.Checking;

namespace Tallystick.Ordeal.Forgeries;

/// <summary>A tab in the copy of a run, whose books are about to be tampered with.</summary>
internal sealed record Victim(string Run, string Author, string Other, StoredTab Tab, IReadOnlyList<PageFile> Pages)
{
    /// <summary>The tab with most payments, without a limit in the way of a forged one.</summary>
    public static Victim Choose(string run)
    {
        var books = Directory.GetDirectories(run).Where(BooksCheck.HasBook).Select(Book.Read).ToList();
        var candidates =
            from book in books
            from tab in book.Tabs
            let check = Judged(tab)
            where check.Lines(1 - tab.Me).Last(l => l.Line.Kind == LineFile.Cap).Line.Limit is null
            let other = books.Single(b => b != book && b.Tabs.Any(t => t.Id.AsSpan().SequenceEqual(tab.Id)))
            orderby check.Lines(tab.Me).Count() descending
            select new Victim(run, book.Name, other.Name, tab, check.Chains[tab.Me]);
        return candidates.First();
    }

    public PageForger Forger => new(Run, Author, Other, Tab.Id);

    public PageFile LastWithPayment => Pages.Last(page => page.Lines.Any(line => line.Kind == LineFile.Pay));

    public LineFile SomePayment => Pages.SelectMany(p => p.Lines).First(line => line.Kind == LineFile.Pay);

    /// <summary>Runs SQL on the author's book, or on both; <c>?1</c> is the tab, <c>?2</c> the author.</summary>
    public void Sql(bool inBoth, string sql, params object[] values)
    {
        foreach (var side in inBoth ? (string[])[Author, Other] : [Author])
        {
            using var book = Sqlite.Write(Path.Combine(Run, side, Book.FileName));
            book.Run(
                sql.Replace("TAB", "(select id from tab where tab_id = ?1)", StringComparison.Ordinal),
                [Tab.Id, Tab.Me, .. values]);
        }
    }

    public void ChangeCalls(Func<Call, Call> change) =>
        Records.WriteCalls(Run, Records.ReadCalls(Run)!.Select(change));

    private static TabCheck Judged(StoredTab tab)
    {
        var check = new TabCheck(string.Empty, tab, []);
        check.Run();
        return check;
    }
}
