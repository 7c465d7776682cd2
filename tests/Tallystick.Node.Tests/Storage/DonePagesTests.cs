using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Node.Storage;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class DonePagesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly TabScript tab = new();
    private SqliteLedgerStore store;

    public DonePagesTests() => store = Open();

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_page_of_young_ids_has_one_row_and_every_wish_on_it_is_found()
    {
        var lines = Enumerable.Range(0, 100).Select(i => Pay(At(i))).ToArray();
        store.Commit([tab.Write(lines), tab.Write(Pay(At(200)))]);

        Assert.Equal((0, 2), Rows());
        foreach (var reopened in (bool[])[false, true])
        {
            if (reopened)
                Reopen();
            for (var i = 0; i < lines.Length; i++)
            {
                var found = store.FindIntent(lines[i].RequestId)!;
                Assert.Equal(new IntentDone(new Ref(1, i)), found.State);
                Assert.Equal(tab.Id, found.Tab);
                Assert.Equal([lines[i]], found.Lines);
                Assert.Equal(tab.Own[0].Page.TimeMs, found.AskedMs);
            }
            Assert.Null(store.FindIntent(At(50, low: 1_000)));
        }
    }

    [Fact]
    public void What_is_done_on_such_a_page_is_never_done_again_nor_asked_again_nor_cancelled()
    {
        var done = Pay(At(1));
        store.Commit([tab.Write(Pay(At(0)), done, Pay(At(2)))]);
        foreach (var reopened in (bool[])[false, true])
        {
            if (reopened)
                Reopen();
            var wish = new Intent(done.RequestId, [done], 0, null);
            Refuses(new TabScript(2).Write(done));
            Refuses(new TabScript(3).Write(Pay(At(3)), done));
            Refuses(new TabScript(4).Ask(wish));
            Refuses(tab.Change(new IntentChange(done.RequestId, new IntentCancelled(), wish)));
        }
        Assert.Equal(new IntentDone(new Ref(1, 1)), store.FindIntent(done.RequestId)!.State);
    }

    [Fact]
    public void What_is_done_under_ids_from_a_clock_that_ran_ahead_is_never_done_again_nor_asked_again()
    {
        var ahead = Now.AddHours(1);
        var done = Pay(RequestId.FromGuid(Guid.CreateVersion7(ahead)));
        var later = Pay(RequestId.FromGuid(Guid.CreateVersion7(ahead.AddMilliseconds(900))));
        store.Commit([tab.Write(later, done)]);
        foreach (var reopened in (bool[])[false, true])
        {
            if (reopened)
                Reopen();
            Refuses(new TabScript(2).Write(done));
            Refuses(new TabScript(3).Write(Pay(RequestId.FromGuid(Guid.CreateVersion7(ahead))), done));
            Refuses(new TabScript(4).Ask(new Intent(done.RequestId, [done], 0, null)));
        }
        Assert.Equal((0, 1), Rows());
        Assert.Equal(new IntentDone(new Ref(1, 1)), store.FindIntent(done.RequestId)!.State);
    }

    [Fact]
    public void The_same_id_twice_on_one_page_or_in_one_transaction_is_refused()
    {
        var line = Pay(At(1));
        Refuses(new TabScript(2).Write(line, Pay(At(2)), line));
        var other = new TabScript(3);
        Assert.Throws<StoreConflictException>(() => store.Commit([tab.Write(line), other.Write(line)]));
        Assert.Null(store.FindIntent(line.RequestId));
    }

    [Fact]
    public void Wishes_that_waited_or_lie_far_apart_have_rows_of_their_own()
    {
        var waiting = new Intent(At(5), [Pay(At(5))], 0, null);
        store.Commit([tab.Ask(waiting)]);
        store.Commit([tab.Write(Pay(At(6)), waiting.Lines[0])]);
        Assert.Equal((2, 0), Rows());

        store.Commit([tab.Write(Pay(At(10)), Pay(At(1_009)))]);
        Assert.Equal((2, 1), Rows());
        store.Commit([tab.Write(Pay(At(2_000)), Pay(At(3_001)))]);
        Assert.Equal((4, 1), Rows());
        foreach (var (id, page, line) in new[] { (At(5), 1, 1), (At(1_009), 2, 1), (At(3_001), 3, 1) })
            Assert.Equal(new IntentDone(new Ref(page, line)), store.FindIntent(id)!.State);
    }

    [Fact]
    public void A_page_that_is_dropped_leaves_nothing_and_its_wishes_can_be_done_again()
    {
        var (kept, dropped) = (Pay(At(0)), Pay(At(1)));
        store.Commit([tab.Write(kept, Pay(At(2))), tab.Write(dropped, Pay(At(3)))]);
        Assert.Equal(new IntentDone(new Ref(2, 0)), store.FindIntent(dropped.RequestId)!.State);
        store.Commit([tab.CutAfter(1)]);

        Assert.Equal((0, 1), Rows());
        Assert.Null(store.FindIntent(dropped.RequestId));
        Assert.NotNull(store.FindIntent(kept.RequestId));
        store.Commit([tab.Write(Pay(At(7)), dropped)]);
        Assert.Equal(new IntentDone(new Ref(2, 1)), store.FindIntent(dropped.RequestId)!.State);
    }

    [Fact]
    public void A_page_that_came_back_with_a_wish_that_is_done_elsewhere_changes_nothing_of_it()
    {
        var done = Pay(At(1));
        store.Commit([tab.Write(done, Pay(At(2)))]);
        var back = tab.Write(Pay(At(3)), done);
        var page = back.Write.Pages[0] with { IsReturned = true };
        store.Commit([back with { Write = back.Write with { Pages = [page] } }]);

        Assert.Equal(new IntentDone(new Ref(1, 0)), store.FindIntent(done.RequestId)!.State);
        Assert.Equal(new IntentDone(new Ref(2, 0)), store.FindIntent(At(3))!.State);
    }

    [Fact]
    public void Any_mixture_of_pages_answers_as_a_plain_list_does()
    {
        var random = new Random(5);
        var (plain, clock) = (new Dictionary<RequestId, Ref>(), 0);
        for (var page = 1; page <= 300; page++)
        {
            // Pages overlap in the time of their ids, some are too wide for one row, and some repeat what is done.
            var lines = Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => Pay(At((clock += random.Next(40)) + random.Next(60), random.Next())))
                .Append(Pay(At(clock + random.Next(10) * 200, random.Next())))
                .ToArray();
            if (random.Next(10) == 0 && plain.Count > 0)
            {
                var again = plain.Keys.ElementAt(random.Next(plain.Count));
                Refuses(new TabScript(1_000 + page).Write([.. lines, Pay(again)]));
                continue;
            }
            store.Commit([tab.Write(lines)]);
            for (var i = 0; i < lines.Length; i++)
                plain.Add(lines[i].RequestId, new Ref(tab.Own.Count, i));
            if (random.Next(50) == 0)
                Reopen();
        }
        var rows = Rows();
        Assert.True(rows.Pages > 100 && rows.Intents > 100, rows.ToString());
        foreach (var (id, at) in plain)
            Assert.Equal(new IntentDone(at), store.FindIntent(id)!.State);
    }

    private static RequestId At(int ms) => At(ms, ms);

    private static RequestId At(int ms, int low) => new(
        (UInt128)(ulong)Now.AddMilliseconds(ms).ToUnixTimeMilliseconds() << 80
        | (UInt128)7 << 76 | (UInt128)2 << 62 | (UInt128)(uint)low);

    private static PayLine Pay(RequestId id) => new(id, Amount.FromUnits(1), string.Empty);

    private SqliteLedgerStore Open() => SqliteLedgerStore.Open(folder.Path, new SettableTime(Now));

    private void Reopen()
    {
        store.Dispose();
        store = Open();
    }

    private void Refuses(TabCommit commit) =>
        Assert.Contains("Intent", Assert.Throws<StoreConflictException>(() => store.Commit([commit])).Message);

    private (long Intents, long Pages) Rows()
    {
        using var book = SqliteConnection.Open(folder.Book, readOnly: true);
        return (book.Ask("select count(*) from intent"), book.Ask("select count(*) from done_page"));
    }
}
