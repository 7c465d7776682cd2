using Tallystick.Core.Identity;
using Tallystick.Node.Storage.Sqlite;

namespace Tallystick.Node.Tests.Storage;

public sealed class YoungIdsTests : IDisposable
{
    private const int IdsPerGeneration = 100;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();
    private readonly SqliteConnection book;

    public YoungIdsTests() => book = BookFile.Open(folder.Path);

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
        }

        Assert.All(stored, id => Assert.True(young.MayBeStored(id)));
        Assert.All(stored, id => Assert.True(Open().MayBeStored(id)));
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

    private YoungIds Open() => new(book, Now, IdsPerGeneration);

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
