using SQLitePCL;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Hosting;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>The book of one node in one SQLite file: one connection writes, any number read.</summary>
/// <remarks>
/// Order of a commit: begin, check each page against the stored head, write, flush, return. After a failure that is
/// not a contradiction nobody knows what the disk holds, so every further commit is refused; the process must stop.
/// </remarks>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private const long LargestLogBytes = 80 * 1024 * 1024;

    private readonly string file;
    private readonly BookLog log;
    private readonly TimeProvider time;
    private readonly SqliteConnection writer;
    private readonly Dictionary<TabId, TabEnds> ends = [];
    private readonly YoungIds young;
    private readonly DonePages donePages = new();
    private readonly IntentChanges intents;
    private readonly ReaderPool readers;
    private readonly Lock writing = new();
    private string? failed;
    private bool disposed;

    private SqliteLedgerStore(string file, TimeProvider time, SqliteConnection writer, long largestLogBytes)
    {
        (this.file, this.time, this.writer) = (file, time, writer);
        log = new BookLog(writer, file + "-wal", largestLogBytes);
        young = new YoungIds(writer, time);
        intents = new IntentChanges(writer, young, donePages);
        readers = new ReaderPool(file);
    }

    /// <summary>Opens the book in a data folder; makes both when missing.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="time">Stamps stored pages.</param>
    /// <param name="mostFilePages">
    /// How many pages of 4 KiB the file may have, or null for as many as the disk has.
    /// </param>
    /// <param name="largestLogBytes">The size of the log beyond which the writer waits for readers.</param>
    /// <exception cref="CannotStartException">The message is one sentence that says what to do.</exception>
    public static SqliteLedgerStore Open(
        string folder, TimeProvider time, int? mostFilePages = null, long largestLogBytes = LargestLogBytes)
    {
        var book = BookFile.Open(folder);
        if (mostFilePages is { } most)
            book.Execute($"pragma max_page_count = {most}");
        var path = Path.Combine(folder, BookFile.Name);
        try
        {
            return new SqliteLedgerStore(path, time, book, largestLogBytes);
        }
        catch (SqliteFailure failure)
        {
            book.Dispose();
            throw new CannotStartException(failure.Sentence(path), failure);
        }
    }

    public IReadOnlyList<StoredTab> LoadTabs() => readers.Read<IReadOnlyList<StoredTab>>(static book =>
        [.. TabRows.All(book).Select(tab => Load(book, tab))]);

    public void Commit(IReadOnlyList<TabCommit> commits)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (writing)
        {
            var transaction = new BookTransaction(writer, intents, ends, nowMs);
            InTransaction(() =>
            {
                transaction.Write(commits);
                return true;
            });
            transaction.KeepEnds();
            log.KeepSmall();
        }
    }

    public IReadOnlyList<StoredPage> ReadPages(TabId tab, Party author, long from, int most) =>
        readers.Read(book => PageRows.From(book, tab, author, from, most));

    public Hash? FindPageHash(TabId tab, Party author, long number) =>
        readers.Read(book => PageRows.HashOf(book, tab, author, number));

    public IReadOnlyList<StoredPage> ReadNewestPages(IReadOnlyCollection<TabId> tabs, long beforeSequence, int most) =>
        readers.Read(book => PageRows.Newest(book, tabs, beforeSequence, most));

    public long FindSequence(long storedMs) => readers.Read(book => PageTimes.FindSequence(book, storedMs));

    public IReadOnlyList<StoredSettlement> ReadNewestSettlements(
        IReadOnlyCollection<TabId> tabs, StoredPlace before, int most) =>
        readers.Read(book => SettlementRows.Newest(book, tabs, before, most));

    public IReadOnlyList<StoredSettlement> FindSettlements(uint first, uint last, int most) =>
        readers.Read(book => SettlementRows.Find(book, first, last, most));

    public ObjectKey? FindSettlement(TabId tab, Party author, Ref line) =>
        readers.Read(book => SettlementRows.Of(book, tab, author, line));

    public IReadOnlyList<StoredLine> ReadSettlementLines(TabId tab, ObjectKey settlement, int mostAnswers) =>
        readers.Read(book => SettlementRows.Lines(book, tab, settlement, mostAnswers));

    // Asked for every payment, of which nearly all are new: only the search makes an object.
    public StoredIntent? FindIntent(RequestId id) => young.MayBeStored(id) ? SearchIntent(id) : null;

    public IReadOnlyList<StoredIntent> ReadUnsignedIntents(IReadOnlyCollection<TabId> tabs, int most) =>
        readers.Read(book => IntentRows.ReadUnsigned(book, tabs, most));

    public byte[]? FindHello(TabId tab, Hash basis) => readers.Read(book => HelloRows.Find(book, tab, basis));

    public IReadOnlyList<StoredPeer> LoadPeers() => readers.Read(PeerRows.All);

    public StoredPeer SavePeer(StoredPeer peer) => InTransaction(() => PeerRows.Save(writer, peer));

    public StoredPeer SavePeer(StoredPeer peer, StoredInvite used) => InTransaction(() =>
    {
        InviteRows.Save(writer, used);
        return PeerRows.Save(writer, peer);
    });

    public IReadOnlyList<StoredInvite> LoadInvites() => readers.Read(InviteRows.All);

    public void SaveInvite(StoredInvite invite) => InTransaction(() => InviteRows.Save(writer, invite));

    public void DropInvite(Hash digest) => InTransaction(() => InviteRows.Drop(writer, digest));

    public void Dispose()
    {
        lock (writing)
        {
            if (disposed)
                return;
            disposed = true;
            readers.Dispose();
            writer.Dispose();
        }
    }

    private StoredIntent? SearchIntent(RequestId id) =>
        readers.Read(book => IntentRows.Find(book, donePages, id));

    private static StoredTab Load(SqliteConnection book, TabRows.Row tab)
    {
        var snapshot = new TabSnapshot(
            FoldRows.Read(book, tab.Id, tab.Terms.Id, FoldRows.Mine) with { OpenObjects = tab.MineOpen },
            FoldRows.Read(book, tab.Id, tab.Terms.Id, FoldRows.Theirs) with { OpenObjects = tab.TheirsOpen },
            tab.Freeze)
        {
            Resets = ResetRows.All(book, tab.Id),
            Offer = ResetRows.FindOffer(book, tab.Id),
        };
        var firstUnseen = snapshot.Theirs.Of(tab.Me).Head.Number + 1;
        var unseen = PageRows.From(book, tab.Terms.Id, tab.Me, firstUnseen, int.MaxValue);
        return new StoredTab(
            tab.Terms,
            tab.Me,
            snapshot,
            [.. unseen.Select(stored => stored.Page)],
            IntentRows.ReadWaiting(book, tab.Id));
    }

    private T InTransaction<T>(Func<T> write)
    {
        lock (writing)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (failed is not null)
                throw new StoreFailedException(failed);
            try
            {
                writer.For("begin immediate").Run();
                var result = write();
                writer.For("commit").Run();
                return result;
            }
            catch (SqliteFailure failure) when (failure.PrimaryCode == raw.SQLITE_CONSTRAINT)
            {
                writer.RollBack();
                throw new StoreConflictException(failure.Message, failure);
            }
            catch (SqliteFailure failure)
            {
                writer.RollBack();
                failed = failure.Sentence(file);
                throw new StoreFailedException(failed, failure);
            }
            catch
            {
                writer.RollBack();
                throw;
            }
        }
    }
}
