using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Loop;

public sealed class StoredRangeTests
{
    private readonly TwoChains chains = new();
    private readonly List<(Party Author, long From, int Most)> reads = [];

    [Fact]
    public void Each_page_comes_after_the_page_it_has_seen_and_the_peers_as_early_as_they_can()
    {
        Write(Party.Zero, 0);
        Write(Party.One, 0);
        Write(Party.One, 1);
        Write(Party.Zero, 2);
        Write(Party.One, 2);
        Assert.Equal(["1.1", "0.1", "1.2", "0.2", "1.3"], Sent(1, 2, 1, 3));
        Assert.Equal(["0.2", "1.3"], Sent(2, 2, 3, 3));
        Assert.Equal(["1.2", "0.2"], Sent(2, 2, 2, 2));
    }

    [Fact]
    public void Nothing_is_read_of_a_chain_of_which_nothing_is_to_be_sent()
    {
        Write(Party.Zero, 0);
        Assert.Equal(["0.1"], Sent(1, 1, 1, 0));
        Assert.Equal([(Party.Zero, 1L, 1)], reads);
        Assert.Empty(Sent(2, 1, 1, 0));
    }

    [Fact]
    public void A_long_chain_is_read_in_parts_and_not_beyond_its_end()
    {
        const int Pages = StoredRange.PagesPerRead * 2 + 3;
        for (var i = 0; i < Pages; i++)
            Write(Party.Zero, 0);
        Assert.Equal(Enumerable.Range(1, Pages).Select(n => $"0.{n}"), Sent(1, Pages, 1, 0));
        Assert.Equal(
            [
                (Party.Zero, 1L, StoredRange.PagesPerRead),
                (Party.Zero, StoredRange.PagesPerRead + 1L, StoredRange.PagesPerRead),
                (Party.Zero, 2L * StoredRange.PagesPerRead + 1, 3),
            ],
            reads);
    }

    [Fact]
    public void A_page_that_the_store_does_not_have_ends_it()
    {
        Write(Party.Zero, 0);
        Assert.Equal(["0.1"], Sent(1, 5, 1, 5));
    }

    private List<string> Sent(long ownFrom, long ownTo, long peerFrom, long peerTo)
    {
        reads.Clear();
        return
        [
            .. StoredRange.InOrder(new SendStored(1, ownFrom, ownTo, peerFrom, peerTo), Party.Zero, Read)
                .Select(page => $"{(int)page.Page.Author}.{page.Page.Number}"),
        ];
    }

    private SignedPage[] Read(Party author, long from, int most)
    {
        reads.Add((author, from, most));
        return
        [
            .. chains.Of(author).Skip((int)from - 1).Take(most).Select(page => new SignedPage(page, Samples.Signature)),
        ];
    }

    private void Write(Party author, long seen) =>
        Assert.Null(chains.Write(author, seen, new LimitLine(chains.NextRequest(), CreditLimit.None)));
}
