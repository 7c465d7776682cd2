using System.Diagnostics;
using System.Runtime.Versioning;
using Tallystick.Core.Pages;
using Tallystick.Node.Hosting;
using Tallystick.Node.Storage;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class SqliteLedgerStoreTests : LedgerStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TabScript tab = new();

    public void Dispose() => folder.Dispose();

    internal override ILedgerStore Open() => Open(folder.Path);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void The_book_and_its_log_belong_to_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var store = Open();
        store.Commit([tab.Write(tab.Pay())]);

        foreach (var file in Directory.GetFiles(folder.Path))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void What_a_commit_returned_from_survives_a_crash_right_after_it()
    {
        using var store = Open();
        var wish = tab.Wish();
        for (var round = 0; round < 20; round++)
        {
            store.Commit([tab.WritePages(3), tab.Ask(tab.Wish())]);
            using var copy = new TemporaryFolder();
            foreach (var file in (string[])[folder.Book, folder.Book + "-wal"])
                File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));

            using var crashed = Open(copy.Path);
            AssertSame(tab.Snapshot, crashed.LoadTabs()[0].Snapshot);
            AssertSame(tab.Own, crashed.ReadPages(tab.Id, tab.Me, 1, 1000).Select(stored => stored.Page));
            Assert.Equal(round + 1, crashed.LoadTabs()[0].Waiting.Length);
        }
        Assert.Null(store.FindIntent(wish.RequestId));
    }

    [Fact]
    public void A_log_that_ends_in_the_middle_of_a_commit_holds_all_commits_before_it()
    {
        using var store = Open();
        store.Commit([tab.Write(tab.Pay())]);
        var first = tab.Snapshot;
        var complete = new FileInfo(folder.Book + "-wal").Length;
        store.Commit([tab.WritePages(200)]);
        var all = new FileInfo(folder.Book + "-wal").Length;

        for (var length = complete; length < all; length += 4096 + 1234)
        {
            using var copy = new TemporaryFolder();
            File.Copy(folder.Book, copy.Book);
            File.Copy(folder.Book + "-wal", copy.Book + "-wal");
            using (var log = File.OpenWrite(copy.Book + "-wal"))
                log.SetLength(length);

            using var crashed = Open(copy.Path);
            AssertSame(first, crashed.LoadTabs()[0].Snapshot);
            Assert.Single(crashed.ReadPages(tab.Id, tab.Me, 1, 1000));
        }
    }

    [Fact]
    public void A_book_that_is_open_can_be_read_through_a_second_opening()
    {
        using var writing = Open();
        using var reading = Open();
        writing.Commit([tab.Write(tab.Pay())]);

        AssertSame(tab.Snapshot, reading.LoadTabs()[0].Snapshot);
        Parallel.For(0, 200, round =>
        {
            if (round % 20 == 0)
            {
                lock (tab)
                    writing.Commit([tab.Write(tab.Pay())]);
            }
            var store = round % 2 == 0 ? writing : reading;
            var head = store.LoadTabs()[0].Snapshot.Mine.Of(tab.Me).Head;
            Assert.Equal(head.Hash, store.FindPageHash(tab.Id, tab.Me, head.Number));
        });
    }

    [Fact]
    public void A_full_disk_is_said_so_leaves_nothing_and_ends_all_commits()
    {
        using (var store = SqliteLedgerStore.Open(folder.Path, TimeProvider.System, mostFilePages: 40))
        {
            store.Commit([tab.Write(tab.Pay())]);
            var stored = tab.Snapshot;

            var failure = Assert.Throws<StoreFailedException>(() => store.Commit([tab.WritePages(1000)]));
            Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);
            AssertSame(stored, store.LoadTabs()[0].Snapshot);

            var other = new TabScript(2);
            var again = Assert.Throws<StoreFailedException>(() => store.Commit([other.Write(other.Pay())]));
            Assert.Equal(failure.Message, again.Message);
        }
        using var reopened = Open();
        Assert.Single(reopened.ReadPages(tab.Id, tab.Me, 1, 10));
        Assert.Single(reopened.LoadTabs());
    }

    [Fact]
    public void A_book_of_version_1_is_brought_to_the_present_one_and_keeps_what_it_holds()
    {
        // Version 1 had a row for every wish, as ids that do not grow with time still have.
        var old = new TabScript(idsGrowWithTime: false);
        using (var store = Open())
            store.Commit([old.WritePages(2), old.Ask(old.Wish())]);
        Run("drop table reset");
        Run("drop table reset_offer");
        Run("drop table done_page");
        Run("drop table settlement_line");
        RunBackFromVersion5();
        Run("pragma user_version = 1");

        using (var store = Open())
        {
            AssertSame(old.Snapshot, store.LoadTabs()[0].Snapshot);
            Assert.NotNull(store.FindIntent(old.Own[0].Page.Lines[0].RequestId));
            store.Commit([old.Reset(), old.Write(tab.Pay())]);
        }
        using var reopened = Open();
        AssertSame(old.Snapshot, reopened.LoadTabs()[0].Snapshot);
    }

    [Fact]
    public void A_book_of_version_3_gets_the_lines_of_the_settlements_that_it_holds()
    {
        using (var store = Open())
        {
            store.Commit([tab.WritePages(300), tab.Write(Propose(1))]);
            store.Commit([tab.Receive(new AcceptLine(Id(2), new Ref(301, 0)))]);
        }
        Run("drop table settlement_line");
        RunBackFromVersion5();
        Run("pragma user_version = 3");

        using var reopened = Open();
        var found = Assert.Single(reopened.FindSettlements(1, 1, 10));
        Assert.Equal(2, reopened.ReadSettlementLines(tab.Id, found.Key, 10).Count);
    }

    [Fact]
    public void A_book_of_a_newer_version_is_left_alone()
    {
        Open().Dispose();
        Run("pragma user_version = 7");

        var problem = Assert.Throws<CannotStartException>(() => Open());
        Assert.Contains("newer Tallystick", problem.Message, StringComparison.Ordinal);
        Assert.Contains("version 7", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void A_file_that_is_no_database_is_left_alone(int length)
    {
        var garbage = new byte[length];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(folder.Book, garbage);

        var problem = Assert.Throws<CannotStartException>(() => Open());
        Assert.Contains("not a Tallystick book", problem.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, File.ReadAllBytes(folder.Book));
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        File.WriteAllBytes(folder.Book, []);
        Run("create table customer (name text)");

        var problem = Assert.Throws<CannotStartException>(() => Open());
        Assert.Contains("not a Tallystick book", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_one_sentence()
    {
        var problem = Assert.Throws<CannotStartException>(() => Open(Make(Path.Combine(folder.Path, "file"))));
        Assert.Contains("cannot be read and written", problem.Message, StringComparison.Ordinal);

        static string Make(string file)
        {
            File.WriteAllText(file, "not a folder");
            return file;
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_data_folder_that_may_not_be_written_is_one_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may write everywhere.");
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var problem = Assert.Throws<CannotStartException>(() => Open());
            Assert.Contains("check its permissions", problem.Message, StringComparison.Ordinal);
        }
        finally
        {
            const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            File.SetUnixFileMode(folder.Path, all);
        }
    }

    [Fact]
    public void A_missing_data_folder_is_made()
    {
        using var store = Open(Path.Combine(folder.Path, "new", "alice"));
        store.Commit([tab.Write(tab.Pay())]);
        Assert.Single(store.LoadTabs());
    }

    [Fact]
    public void An_engine_that_is_too_old_is_one_sentence_with_the_package()
    {
        var problem = Assert.Throws<CannotStartException>(() => SqliteEngine.RequireVersion(3_036_001));
        Assert.Contains("SQLite 3.36 is too old", problem.Message, StringComparison.Ordinal);
        SqliteEngine.RequireVersion(3_037_000);
    }

    [Fact]
    public void A_damaged_page_is_a_failed_store_and_not_a_wrong_page()
    {
        using (var store = Open())
            store.Commit([tab.Write(tab.Pay())]);
        Run("update page set bytes = x'00'");

        using var damaged = Open();
        var failure = Assert.Throws<StoreFailedException>(() => damaged.ReadPages(tab.Id, tab.Me, 1, 10));
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PageRows.SelectFrom)]
    [InlineData(PageRows.SelectHash)]
    [InlineData(PageRows.SelectNewest)]
    [InlineData(IntentRows.SelectWaiting)]
    [InlineData(IntentRows.SelectOne)]
    [InlineData(IntentRows.SelectUnsigned)]
    [InlineData(DonePages.SelectAround)]
    [InlineData(DonePages.SelectPage)]
    public void Reads_go_through_an_index_and_sort_nothing(string sql)
    {
        Open().Dispose();
        using var book = SqliteConnection.Open(folder.Book, readOnly: true);
        using var plan = book.Prepare("explain query plan " + sql);
        while (plan.Step())
        {
            Assert.Matches("^(SEARCH|SCALAR SUBQUERY)", plan.Text(3));
        }
    }

    [Fact]
    public void Opening_reads_no_more_of_a_long_tab_than_of_a_short_one()
    {
        using (var store = Open())
        {
            for (var round = 0; round < 100; round++)
                store.Commit([tab.WritePages(1000)]);
            store.Commit([tab.Receive(), tab.WritePages(3)]);
        }
        using var book = Open(folder.Path);
        book.LoadPeers();
        var shortest = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var watch = Stopwatch.StartNew();
            var loaded = Assert.Single(book.LoadTabs());
            var newest = book.ReadNewestPages([tab.Id], long.MaxValue, 10);
            shortest = Math.Min(shortest, watch.ElapsedMilliseconds);

            Assert.Equal(100_003, loaded.Snapshot.Mine.Of(tab.Me).Head.Number);
            Assert.Equal(3, loaded.Unseen.Length);
            Assert.Equal(10, newest.Count);
        }
        // Reading and checking 100,000 pages takes longer than this on any machine; 13 pages take a millisecond.
        Assert.InRange(shortest, 0, 100);
    }

    private static SqliteLedgerStore Open(string path) => SqliteLedgerStore.Open(path, TimeProvider.System);

    private void RunBackFromVersion5()
    {
        Run("drop table invite");
        foreach (var column in (string[])["told", "join_token", "join_is_new"])
            Run($"alter table peer drop column {column}");
    }

    private void Run(string sql)
    {
        SqliteEngine.Load();
        using var book = SqliteConnection.Open(folder.Book, readOnly: false);
        book.Execute(sql);
    }
}
