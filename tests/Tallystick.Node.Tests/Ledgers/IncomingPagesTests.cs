using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Tests.Ledgers;

/// <summary>Verified in any order, handed on in one.</summary>
public sealed class IncomingPagesTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_handed_on_in_the_order_in_which_they_came_however_long_their_signatures_take()
    {
        var pages = new IncomingPages();
        var (handedOn, areLast) = (new List<int>(), new List<bool>());
        TaskCompletionSource[] signatures = [.. Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource())];
        foreach (var (signature, number) in signatures.Select((signature, number) => (signature, number)))
        {
            pages.Add(async () =>
            {
                await signature.Task;
                handedOn.Add(number);
                areLast.Add(pages.IsLast);
            });
        }

        foreach (var signature in signatures.Skip(1).Reverse())
            signature.SetResult();
        Assert.Empty(handedOn);
        Assert.False(pages.HandedOn.IsCompleted);
        signatures[0].SetResult();

        await pages.HandedOn.WaitAsync(Deadline, Ct);
        Assert.Equal(Enumerable.Range(0, 10), handedOn);
        Assert.Equal(Enumerable.Range(0, 10).Select(number => number == 9), areLast);
    }

    [Fact]
    public async Task Whoever_takes_more_room_than_there_is_waits_until_some_is_made()
    {
        var pages = new IncomingPages();
        for (var taken = 0; taken < IncomingPages.MaxInHand; taken++)
            await pages.TakeRoomAsync(Ct).WaitAsync(Deadline, Ct);

        var oneMore = pages.TakeRoomAsync(Ct);
        Assert.False(oneMore.IsCompleted);
        pages.MakeRoom();

        await oneMore.WaitAsync(Deadline, Ct);
    }
}
