using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class YoungIdsTests : IDisposable
{
    private const int IdsPerGeneration = 100;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly SettableTime time = new(Now);
    private readonly SqliteConnection book;
    private int tabs;

    public YoungIdsTests()
    {
        book = BookFile.Open(folder.Path);
        // No test pulls the plug.
        book.Execute("pragma synchronous = off");
    }

    public void Dispose()
    {
        book.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_stored_is_always_possible(int seed)
    {
        var random = new Random(seed);
        var (young, stored) = (Open(), new List<RequestId>());
        for (var i = 0; i < 5_000; i++)
        {
            var id = Any(random, i);
            Store(young, id);
            stored.Add(id);
            Assert.True(young.MayBeStored(stored[random.Next(stored.Count)]));
            if (random.Next(1_000) == 0)
                young = Open();
            if (random.Next(50) == 0)
                time.Now = Now.AddMinutes(random.Next(-3, 3));
        }

        Assert.All(stored, id => Assert.True(young.MayBeStored(id)));
        var reopened = Open();
        Assert.All(stored, id => Assert.True(reopened.MayBeStored(id)));
    }

    [Fact]
    public void An_id_that_is_younger_than_all_that_is_stored_is_known_to_be_new()
    {
        var young = Open();
        for (var i = 0; i < 10 * IdsPerGeneration; i++)
        {
            var id = At(Now.AddMilliseconds(i));
            Assert.False(young.MayBeStored(id));
            Store(young, id);
        }

        Assert.False(Open().MayBeStored(At(Now.AddMilliseconds(10 * IdsPerGeneration))));
    }

    [Fact]
    public void Ids_that_come_a_little_out_of_order_are_known_to_be_new()
    {
        var young = Open();
        for (var i = 0; i < 10 * IdsPerGeneration; i++)
            Store(young, At(Now.AddMilliseconds(2 * i)));

        Assert.False(young.MayBeStored(At(Now.AddMilliseconds((20 * IdsPerGeneration) - 31))));
    }

    [Fact]
    public void Nothing_is_said_about_ids_of_another_version_or_from_before_the_newest_at_the_start()
    {
        Store(Open(), At(Now));
        var young = Open();

        Assert.True(young.MayBeStored(RequestId.FromGuid(Guid.Parse("ffffffff-ffff-4fff-bfff-ffffffffffff"))));
        Assert.True(young.MayBeStored(At(Now.AddDays(-1))));
        Assert.True(young.MayBeStored(At(Now.AddYears(11))));
        Assert.False(young.MayBeStored(At(Now.AddYears(9))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_ids_of_a_page_are_taken_as_new_only_if_none_of_them_is_stored(int seed)
    {
        var random = new Random(seed);
        var (stored, taken, pages) = (new HashSet<RequestId>(), 0, 0);
        // As the store does it: a row for the page, or one for each id that the book turns out not to have.
        for (var young = Open(); pages < 3_000; pages++)
        {
            var ids = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => random.Next(20) == 0 && stored.Count > 0
                    ? stored.ElementAt(random.Next(stored.Count))
                    : Any(random, pages))
                .ToArray();
            if (young.TryAddAll(PageOf(ids)))
            {
                Assert.DoesNotContain(ids, stored.Contains);
                taken++;
            }
            foreach (var id in ids.Where(stored.Add))
                Store(young, id);
            if (random.Next(1_000) == 0)
                young = Open();
            if (random.Next(50) == 0)
                time.Now = Now.AddMinutes(random.Next(-3, 3));
        }

        Assert.InRange(taken, 100, pages - 100);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(3_600)]
    [InlineData(9 * 365 * 86_400)]
    public void An_id_from_a_clock_that_ran_ahead_says_nothing_about_those_of_today(int seconds)
    {
        var (young, early) = (Open(), At(Now.AddSeconds(seconds)));
        Store(young, early);
        for (var i = 0; i < 10 * IdsPerGeneration; i++)
        {
            var id = At(Now.AddMilliseconds(i));
            Assert.False(young.MayBeStored(id));
            Store(young, id);
            Assert.True(young.MayBeStored(id));
        }

        foreach (var either in (YoungIds[])[young, Open()])
        {
            Assert.True(either.MayBeStored(early));
            Assert.False(either.MayBeStored(At(Now.AddSeconds(1.5))));
            Assert.False(either.MayBeStored(At(Now.AddSeconds(seconds + 1))));
        }
    }

    [Fact]
    public void Ids_from_clocks_that_run_ahead_and_those_of_today_are_known_to_be_new_whenever_a_node_starts()
    {
        var young = Open();
        for (var i = 0; i < 10 * IdsPerGeneration; i++)
        {
            time.Now = Now.AddSeconds(i);
            if (i % 70 == 0)
                young = Open();
            var years = 9.9 * 365 * 86_400;
            foreach (var lead in i % 300 == 0 ? [0, 10, 30.5, years] : (double[])[0, 10, 30.5])
            {
                var id = At(time.Now.AddSeconds(lead));
                // For a second after a start the newest id that is not ahead may still be above those of today.
                Assert.False(young.MayBeStored(id) && i % 70 > 0, $"{i}, {lead}");
                Store(young, id);
            }
        }

        Assert.True(young.MayBeStored(At(Now.AddSeconds(1))));
    }

    [Fact]
    public void A_page_of_ids_from_a_clock_that_ran_ahead_is_known_after_a_restart_and_says_nothing_about_today()
    {
        var ids = Write(Now.AddHours(1), Now.AddHours(1).AddMilliseconds(900));

        var young = Open();

        Assert.All(ids, id => Assert.True(young.MayBeStored(id)));
        Assert.False(young.TryAddAll(PageOf(ids[0])));
        Assert.False(young.MayBeStored(At(Now.AddSeconds(2))));
        Assert.False(young.MayBeStored(At(Now.AddHours(2))));
    }

    [Fact]
    public void A_page_is_known_after_a_restart_whatever_its_ids_lie_around()
    {
        time.Now = Now.AddDays(1);
        var (aroundToday, ceiling) = (Now.AddSeconds(1), Now.AddDays(3650));
        RequestId[] ids =
        [
            .. Write(aroundToday.AddMilliseconds(-400), aroundToday.AddMilliseconds(400)),
            .. Write(ceiling.AddMilliseconds(-400), ceiling.AddMilliseconds(400)),
        ];

        time.Now = Now;
        var young = Open();

        Assert.All(ids, id => Assert.True(young.MayBeStored(id)));
        Assert.All(ids, id => Assert.False(young.TryAddAll(PageOf(id))));
    }

    [Fact]
    public void What_was_stored_before_the_clock_was_set_is_known_after_it()
    {
        var (young, first, second) = (Open(), At(Now.AddMinutes(-1)), At(Now.AddMinutes(1)));
        Store(young, first);
        Store(young, second);
        foreach (var minutes in (int[])[-5, 5])
        {
            time.Now = Now.AddMinutes(minutes);
            Assert.All([first, second], id => Assert.False(young.TryAddAll(PageOf(id))));
        }
    }

    [Fact]
    public void More_ids_ahead_than_are_read_at_the_start_are_all_possible()
    {
        book.Execute("begin");
        using (var insert = book.Prepare("insert into intent (request_id, tab, state) values (?1, 1, 1)"))
        {
            for (var i = 1; i <= 20_000; i++)
                insert.Bind(1, At(Now.AddHours(i))).Run();
        }
        book.Execute("commit");
        var young = Open();

        using var stored = book.Prepare("select request_id from intent");
        while (stored.Step())
            Assert.True(young.MayBeStored(stored.RequestId(0)));
        Assert.False(young.MayBeStored(At(Now)));
    }

    private YoungIds Open() => new(book, time, IdsPerGeneration);

    // The ids of a page that is stored.
    private RequestId[] Write(params IEnumerable<DateTimeOffset> moments)
    {
        RequestId[] ids = [.. moments.Select(At)];
        using var store = SqliteLedgerStore.Open(folder.Path, time);
        store.Commit([new TabScript(++tabs).Write([.. ids.Select(TabScript.Pay)])]);
        Assert.Equal(tabs, book.Ask("select count(*) from done_page"));
        return ids;
    }

    private static Page PageOf(params RequestId[] ids) =>
        new TabScript().Write([.. ids.Select(TabScript.Pay)]).Write.Pages[0].Content.Page;

    private void Store(YoungIds young, RequestId id)
    {
        young.Add(id);
        using var insert = book.Prepare("insert or ignore into intent (request_id, tab, state) values (?1, 1, 1)");
        insert.Bind(1, id).Run();
    }

    private static RequestId At(DateTimeOffset time) => RequestId.FromGuid(Guid.CreateVersion7(time));

    // Mostly young ones, and every other kind: late, early, beyond the ceiling, of another version, at random.
    private static RequestId Any(Random random, int i)
    {
        switch (random.Next(20))
        {
            case 0:
                var bytes = new byte[RequestId.Size];
                random.NextBytes(bytes);
                return RequestId.FromBytes(bytes);
            case 1:
                return RequestId.FromGuid(Guid.NewGuid());
            case 2:
                return At(Now.AddDays(random.Next(-4_000, 4_000)));
            default:
                return At(Now.AddMilliseconds(i + random.Next(-500, 500)));
        }
    }
}
