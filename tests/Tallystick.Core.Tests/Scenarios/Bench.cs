using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Two nodes, several tabs and several links at once, all in the test's hand.</summary>
internal sealed class Bench
{
    private readonly List<BenchLink> links = [];
    private readonly List<(Party By, Intent Intent)> wishes = [];
    private int requests = 5_000;

    public Bench()
    {
        foreach (var node in Both)
        {
            node.Start();
            node.Open(Terms(Asset.Credits));
        }
    }

    public BenchNode A { get; } = new(Party.Zero);

    public BenchNode B { get; } = new(Party.One);

    public BenchNode[] Both => [A, B];

    public BenchNode Node(Party party) => party == Party.Zero ? A : B;

    public static TabTerms Terms(Asset asset)
    {
        Assert.True(TabTerms.TryCreate(LoopPair.Key(2), LoopPair.Key(3), asset, out var terms));
        return terms;
    }

    /// <summary>A new link, numbered on both sides; nobody has taken it yet.</summary>
    public BenchLink Dial()
    {
        var link = new BenchLink(links.Count + 1);
        links.Add(link);
        foreach (var node in Both)
        {
            if (node.IsRunning)
                node.Number(link);
        }
        return link;
    }

    /// <summary>A new link that both take.</summary>
    public BenchLink Connect()
    {
        var link = Dial();
        A.Take(link);
        Deliver(link, Party.One, 1);
        return link;
    }

    /// <summary>The link is lost with what is on it, and both notice.</summary>
    public void Cut()
    {
        foreach (var node in Both)
        {
            if (node.Current is { } link)
            {
                link.To(Party.Zero).Clear();
                link.To(Party.One).Clear();
            }
        }
        foreach (var node in Both)
        {
            if (node.Current is { } link)
                node.Leave(link);
        }
    }

    /// <summary>Everything that is on its way, on any link, is lost; nobody notices.</summary>
    public void LoseFrames()
    {
        foreach (var link in links)
        {
            link.To(Party.Zero).Clear();
            link.To(Party.One).Clear();
        }
    }

    /// <summary>Delivers frames to <paramref name="to"/>; how many there were.</summary>
    public int Deliver(BenchLink link, Party to, int most = int.MaxValue)
    {
        var count = 0;
        while (count < most && !link.IsDead && link.To(to).TryDequeue(out var frame))
        {
            Node(to).Receive(link, frame);
            count++;
        }
        return count;
    }

    public Intent Wish(Party by, params Func<RequestId, Line>[] lines) => Wish(by, 0, lines);

    public Intent Wish(Party by, int tab, params Func<RequestId, Line>[] lines)
    {
        var id = new RequestId((UInt128)(++requests));
        var intent = new Intent(id, [.. lines.Select(line => line(id))], 1_000, null);
        wishes.Add((by, intent));
        Node(by).Tabs[tab].Ask(intent);
        Node(by).Send();
        return intent;
    }

    public RequestId Pay(Party by, long units, int tab = 0) =>
        Wish(by, tab, id => new PayLine(id, Amount.FromUnits(units), string.Empty)).RequestId;

    /// <summary>Everything is delivered; who has no link dials; a silent link is pinged and closed.</summary>
    public void Settle()
    {
        for (var round = 0; round < 1_000; round++)
        {
            var moved = false;
            foreach (var link in links)
            {
                foreach (var node in Both)
                    moved |= Deliver(link, node.Me) > 0;
            }
            foreach (var node in Both)
            {
                if (node.Current is { } link && (link.IsDead || link.IsClosedAt(node.Me.Other())))
                {
                    node.Leave(link);
                    moved = true;
                }
                if (node.IsRunning)
                    node.Turn();
            }
            if (!moved && A.Current is null && B.Current is null)
                Connect();
            else if (!moved && Silent())
                return;
        }
        Assert.Fail("The two nodes never came to rest.");
    }

    /// <summary>Both halves of every tab are equal, every wish is on exactly one page, nothing is stopped.</summary>
    public void AssertEqualAndEveryWishDoneOnce()
    {
        AssertEqual();
        foreach (var (by, intent) in wishes)
            Assert.Equal(intent.Lines.Length, CountOnPages(by, intent));
    }

    /// <summary>Both halves are equal; a wish is on one page if it was done, and else on none.</summary>
    public void AssertEqualAndEveryWishEndsOnce()
    {
        AssertEqual();
        foreach (var (by, intent) in wishes)
        {
            var done = Node(by).Tab.Disk.Intents.GetValueOrDefault(intent.RequestId) is IntentDone;
            Assert.Equal(done ? intent.Lines.Length : 0, CountOnPages(by, intent));
        }
    }

    private void AssertEqual()
    {
        Assert.Equal(A.Tabs.Count, B.Tabs.Count);
        foreach (var a in A.Tabs)
        {
            var b = B.Tabs.Single(tab => tab.Terms.Id == a.Terms.Id);
            foreach (var author in new[] { Party.Zero, Party.One })
            {
                Assert.Equal(
                    a.Disk.Pages[author].Select(page => page.Hash), b.Disk.Pages[author].Select(page => page.Hash));
            }
            Assert.Equal(FoldText.Of(a.State.Mine), FoldText.Of(b.State.Mine));
            foreach (var tab in new[] { a, b })
            {
                Assert.Equal(TabStop.None, tab.State.Stop);
                Assert.Null(tab.State.Freeze);
                Assert.True(tab.State.IsReady());
                Assert.Empty(tab.Disk.Waiting);
            }
        }
    }

    private int CountOnPages(Party by, Intent intent) => A.Tabs
        .SelectMany(tab => tab.Disk.Pages[by])
        .SelectMany(page => page.Page.Lines)
        .Count(line => line.RequestId == intent.RequestId);

    private bool Silent() => links.TrueForAll(link =>
        link.IsDead || (link.To(Party.Zero).Count == 0 && link.To(Party.One).Count == 0));
}
