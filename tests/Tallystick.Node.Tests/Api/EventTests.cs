using System.Net;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Node.Api;

namespace Tallystick.Node.Tests.Api;

/// <summary>Events are numbered, and a listener who comes back goes on where it was.</summary>
public sealed class EventTests : TwoNodes
{
    [Fact]
    public async Task A_listener_who_comes_back_hears_what_came_since_in_order_and_once()
    {
        var ct = TestContext.Current.CancellationToken;
        await Alice.Client.PayAsync(new PayRequest("1", WaitMs: 10_000));
        var first = await FirstAsync(after: null, NoticeKinds.Paid);
        for (var i = 2; i <= 5; i++)
            await Alice.Client.PayAsync(new PayRequest($"{i}", WaitMs: 10_000));
        var heard = new List<Notice>();
        await foreach (var notice in Bob.Client.NoticesAsync(subscribed: null, first.Sequence, ct))
        {
            heard.Add(notice);
            if (notice.Amount == "5.00")
                break;
        }
        Assert.Equal(
            ["2.00", "3.00", "4.00", "5.00"],
            heard.Where(notice => notice.Kind == NoticeKinds.Paid).Select(notice => notice.Amount));
        Assert.Equal(
            Enumerable.Range(1, heard.Count).Select(step => first.Sequence + step),
            heard.Select(notice => notice.Sequence));
    }

    [Fact]
    public async Task What_is_no_longer_kept_is_said_to_be_missed_and_numbers_never_go_back()
    {
        await Alice.Client.PayAsync(new PayRequest("1", WaitMs: 10_000));
        var last = await FirstAsync(after: 0, NoticeKinds.Paid);
        var missed = await FirstAsync(after: 7, NoticeKinds.Missed);
        Assert.True(missed.Sequence < last.Sequence);
        Bob = await Bob.RestartAsync();
        var again = await FirstAsync(last.Sequence, NoticeKinds.Missed);
        Assert.True(again.Sequence > last.Sequence);
    }

    [Fact]
    public async Task An_after_that_is_no_number_is_refused()
    {
        using var http = new HttpClient { BaseAddress = Bob.Host.WebUrl };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Bob.Host.Token);
        var ct = TestContext.Current.CancellationToken;
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("/api/events?after=1", ct)).StatusCode);
    }

    [Fact]
    public async Task A_listener_that_falls_behind_loses_the_oldest_and_can_fetch_them_again()
    {
        var feed = new NoticeFeed(TimeProvider.System);
        using (var slow = feed.Listen())
        {
            for (var i = 0; i < NoticeFeed.KeptForOne + 10; i++)
                feed.Publish(new Notice(NoticeKinds.Trouble, $"{i}", null, null, null, null));
            var oldest = Assert.Single(await ReadAsync(slow, 1));
            Assert.Equal("10", oldest.Peer);
            using var back = feed.Listen(oldest.Sequence - 10);
            feed.Publish(new Notice(NoticeKinds.Trouble, "next", null, null, null, null));
            var again = await ReadAsync(back, NoticeFeed.KeptForOne + 10);
            Assert.Equal("1", again[0].Peer);
            Assert.Equal("next", again[^1].Peer);
            using var level = feed.Listen(again[^1].Sequence);
            feed.Publish(new Notice(NoticeKinds.Trouble, "last", null, null, null, null));
            Assert.Equal("last", Assert.Single(await ReadAsync(level, 1)).Peer);
        }
        for (var i = 0; i < NoticeFeed.KeptForAll; i++)
            feed.Publish(new Notice(NoticeKinds.Trouble, "later", null, null, null, null));
        using var late = feed.Listen(1);
        feed.Publish(new Notice(NoticeKinds.Trouble, "now", null, null, null, null));
        var all = await ReadAsync(late, NoticeFeed.KeptForAll + 2);
        Assert.Equal((NoticeKinds.Missed, "later", "now"), (all[0].Kind, all[1].Peer, all[^1].Peer));
        Assert.Equal(Enumerable.Range(0, all.Count).Select(i => all[0].Sequence + i), all.Select(one => one.Sequence));
    }

    [Fact]
    public async Task Payments_are_put_into_words_for_whoever_reads_them_and_for_nobody_else()
    {
        var feed = new NoticeFeed(TimeProvider.System);
        using var listener = feed.Listen();
        var id = RequestId.FromGuid(Guid.Parse("0193a4c0-0000-7000-8000-0000deadbeef"));
        var line = new PayLine(id, Amount.FromUnits(1_250), "lunch");
        feed.PublishPaid(line, "bob", Asset.Credits);
        var told = Assert.Single(await ReadAsync(listener, 1));
        var words = new Notice(NoticeKinds.Paid, "bob", "12.50", "credits", "lunch", "deadbeef");
        Assert.Equal(words with { Sequence = told.Sequence }, told);
        using var again = feed.Listen(told.Sequence - 1);
        Assert.Equal(told, Assert.Single(await ReadAsync(again, 1)));

        for (var i = 0; i < NoticeFeed.KeptForAll; i++)
            feed.PublishPaid(line, "bob", Asset.Credits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            feed.PublishPaid(line, "bob", Asset.Credits);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    private static async Task<List<Notice>> ReadAsync(NoticeFeed.Subscription from, int count) =>
        await from.ReadAllAsync(TestContext.Current.CancellationToken).Take(count).ToListAsync();

    private async Task<Notice> FirstAsync(long? after, string kind)
    {
        await foreach (var notice in Bob.Client.NoticesAsync(null, after, TestContext.Current.CancellationToken))
        {
            if (notice.Kind == kind)
                return notice;
        }
        throw new InvalidOperationException("The notices ended.");
    }
}
