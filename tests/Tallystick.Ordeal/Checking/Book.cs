namespace Tallystick.Ordeal.Checking;

/// <summary>What one node's <c>book.db</c> holds, unjudged.</summary>
internal sealed record Book(string Name, IReadOnlyList<StoredTab> Tabs)
{
    public const string FileName = "book.db";

    public static Book Read(string folder)
    {
        using var database = Sqlite.Read(Path.Combine(folder, FileName));
        var tabs = database.Rows(
            "select id, tab_id, key0, key1, asset, scale, me from tab",
            row => (Id: row.Long(0), Tab: new StoredTab(
                row.Bytes(1), row.Bytes(2), row.Bytes(3), row.Text(4), (int)row.Long(5), (int)row.Long(6))));
        foreach (var (id, tab) in tabs)
        {
            foreach (var party in (int[])[0, 1])
            {
                tab.Chains[party].AddRange(database.Rows(
                    "select number, hash, bytes, signature from page where tab = ? and author = ? order by number",
                    row => new StoredPage(row.Long(0), row.Bytes(1), row.Bytes(2), row.Bytes(3)),
                    id,
                    party));
            }
            tab.Intents.AddRange(database.Rows(
                "select request_id, state, page, line from intent where tab = ?",
                row => new StoredIntent(
                    new Guid(row.Bytes(0), bigEndian: true), (int)row.Long(1), row.Long(2), row.Long(3)),
                id));
            tab.DonePages.AddRange(database.Rows(
                "select page, first_id, last_id from done_page where tab = ?",
                row => new StoredDonePage(
                    row.Long(0), new Guid(row.Bytes(1), bigEndian: true), new Guid(row.Bytes(2), bigEndian: true)),
                id));
            tab.Frozen = database.Rows("select 1 from freeze where tab = ?", _ => true, id).Count > 0;
        }
        return new Book(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), [.. tabs.Select(t => t.Tab)]);
    }
}

/// <summary>A tab as one node holds it: both chains.</summary>
internal sealed record StoredTab(byte[] Id, byte[] Key0, byte[] Key1, string Asset, int Scale, int Me)
{
    public List<StoredPage>[] Chains { get; } = [[], []];

    public List<StoredIntent> Intents { get; } = [];

    public List<StoredDonePage> DonePages { get; } = [];

    public bool Frozen { get; set; }
}

/// <summary>A row of table page.</summary>
internal sealed record StoredPage(long Number, byte[] Hash, byte[] Bytes, byte[] Signature);

/// <summary>A row of table done_page: all that the page carries is done, and asked under ids of this range.</summary>
internal sealed record StoredDonePage(long Page, Guid First, Guid Last);

/// <summary>A row of table intent. State 0 waiting, 1 done, 2 refused, 3 cancelled.</summary>
internal sealed record StoredIntent(Guid Request, int State, long Page, long Line)
{
    public const int Waiting = 0;
    public const int Done = 1;
}
