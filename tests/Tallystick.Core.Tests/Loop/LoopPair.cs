using System.Security.Cryptography;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

/// <summary>Two shipped loops and the wire between them, all in the test's hand.</summary>
internal sealed class LoopPair
{
    private readonly Dictionary<Party, Queue<Frame>> wire = new() { [Party.Zero] = [], [Party.One] = [] };
    private readonly Dictionary<Party, long> linkNumber = [];
    private LinkBinding? binding;
    private int connections;
    private int requests;

    public LoopPair()
    {
        TabTerms.TryCreate(Key(2), Key(3), Asset.Credits, out var terms);
        Terms = terms!;
        A = new LoopNode(Terms, Party.Zero);
        B = new LoopNode(Terms, Party.One);
        A.Start();
        B.Start();
    }

    public TabTerms Terms { get; }

    public LoopNode A { get; }

    public LoopNode B { get; }

    public bool IsConnected => binding is not null;

    /// <summary>Nothing is on its way.</summary>
    public bool IsSilent
    {
        get
        {
            Collect();
            return wire.Values.All(queue => queue.Count == 0);
        }
    }

    public static PublicKey Key(byte seed)
    {
        var bytes = new byte[PublicKey.Size];
        bytes[0] = 2;
        SHA256.HashData([seed], bytes.AsSpan(1));
        PublicKey.TryCreate(bytes, out var key);
        return key;
    }

    public LoopNode Node(Party party) => party == Party.Zero ? A : B;

    /// <summary>A new link that both sides take at once.</summary>
    public void Connect()
    {
        Cut();
        var seed = BitConverter.GetBytes(++connections);
        binding = new LinkBinding(
            Hash.Of([1, .. seed]), Hash.Of([2, .. seed]), Hash.Of([3, .. seed]), Hash.Of([4, .. seed]));
        foreach (var node in Both())
        {
            linkNumber[node.Me] = node.NextLink();
            node.Step(new LinkCurrent(linkNumber[node.Me], node.HighestLink, binding));
        }
    }

    /// <summary>The link dies with everything that is on it.</summary>
    public void Cut()
    {
        if (binding is null)
            return;
        binding = null;
        wire[Party.Zero].Clear();
        wire[Party.One].Clear();
        foreach (var node in Both())
        {
            node.Outbox.Clear();
            if (node.IsRunning)
                node.Step(new LinkGone(linkNumber[node.Me]));
        }
    }

    /// <summary>Kills one node's process; its disk stays.</summary>
    public void Kill(Party party)
    {
        Cut();
        Node(party).Kill();
    }

    /// <summary>Puts a frame onto the link to <paramref name="to"/>, behind all that is on it.</summary>
    public void Inject(Party to, Frame frame)
    {
        Collect();
        wire[to].Enqueue(frame);
    }

    /// <summary>Delivers one frame to <paramref name="to"/>; false when there is none.</summary>
    public bool DeliverOne(Party to)
    {
        Collect();
        if (binding is null || !wire[to].TryDequeue(out var frame))
            return false;
        Node(to).Receive(linkNumber[to], binding, frame);
        if (Node(to).Effects.OfType<CloseLink>().Any(close => close.Link == linkNumber[to]))
        {
            Node(to).Effects.RemoveAll(effect => effect is CloseLink);
            Cut();
        }
        return true;
    }

    /// <summary>Delivers and takes turns until nothing moves; reconnects when a link was closed on purpose.</summary>
    public void Settle(int mostRounds = 10_000)
    {
        for (var round = 0; round < mostRounds; round++)
        {
            if (!IsConnected)
                Connect();
            var moved = false;
            foreach (var node in Both())
            {
                while (DeliverOne(node.Me))
                    moved = true;
                node.Turn();
            }
            Collect();
            if (!moved && wire.Values.All(queue => queue.Count == 0) && IsConnected)
                return;
        }
        Assert.Fail("The two loops never came to rest.");
    }

    public Intent Wish(params Func<RequestId, Line>[] lines)
    {
        var id = new RequestId((UInt128)(++requests) + 1_000_000);
        return new Intent(id, [.. lines.Select(line => line(id))], 1_000, null);
    }

    public RequestId Pay(Party from, long units)
    {
        var intent = Wish(id => new PayLine(id, Amount.FromUnits(units), string.Empty));
        Node(from).Ask(intent);
        return intent.RequestId;
    }

    public RequestId SetLimit(Party by, CreditLimit limit)
    {
        var intent = Wish(id => new LimitLine(id, limit));
        Node(by).Ask(intent);
        return intent.RequestId;
    }

    /// <summary>Both halves hold the same pages and the same view, and nothing waits for an acknowledgement.</summary>
    public void AssertHalvesMatch()
    {
        foreach (var author in new[] { Party.Zero, Party.One })
        {
            Assert.Equal(
                A.Disk.Pages[author].Select(page => page.Hash), B.Disk.Pages[author].Select(page => page.Hash));
        }
        Assert.Equal(StateDigest.Of(A.State.Mine), StateDigest.Of(B.State.Mine));
        Assert.Equal(A.Balance, -B.Balance);
        Assert.Null(A.State.Freeze);
        Assert.Null(B.State.Freeze);
    }

    private LoopNode[] Both() => [A, B];

    private void Collect()
    {
        foreach (var node in Both())
        {
            foreach (var (link, frame) in node.Outbox)
            {
                if (IsConnected && link == linkNumber[node.Me])
                    wire[node.Me.Other()].Enqueue(frame);
            }
            node.Outbox.Clear();
        }
    }
}
