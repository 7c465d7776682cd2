using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes table hello.</summary>
internal static class HelloRows
{
    private const string Insert = "insert or ignore into hello (tab, hash, bytes, signature) values (?1, ?2, ?3, ?4)";

    private const string Select =
        "select bytes from hello where tab = (select id from tab where tab_id = ?1) and hash = ?2";

    public static void Add(SqliteConnection book, long tab, SignedHello hello) => book.For(Insert)
        .Bind(1, tab)
        .Bind(2, hello.Content.Hash)
        .Bind(3, hello.Content.Bytes.Span)
        .Bind(4, hello.Signature.Span)
        .Run();

    public static byte[]? Find(SqliteConnection book, TabId tab, Hash basis)
    {
        var row = book.For(Select).Bind(1, tab.Hash).Bind(2, basis);
        return row.Step() ? row.Bytes(0) : null;
    }
}
