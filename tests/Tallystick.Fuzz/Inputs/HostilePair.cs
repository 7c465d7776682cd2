using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Loop;

namespace Tallystick.Fuzz.Inputs;

/// <summary>
/// Two shipped tab loops on a link. Beside what One's own loop sends, anything can be sent to Zero in One's name, as a
/// dishonest owner of One's key could; what Zero's key would have to sign cannot be made up.
/// </summary>
internal sealed class HostilePair
{
    private readonly Queue<Frame>[] wire = [[], []];
    private readonly long[] link = [0, 0];
    private readonly HashSet<Hash> written = [];
    private int connections;
    private int requests;

    public HostilePair()
    {
        Zero = new LoopNode(Terms, Party.Zero);
        One = new LoopNode(Terms, Party.One);
        Zero.Start();
        One.Start();
        Connect();
    }

    public static TabTerms Terms { get; } =
        TabTerms.TryCreate(Key(2), Key(3), Asset.Credits, out var terms)
            ? terms
            : throw new InvalidOperationException();

    public LoopNode Zero { get; }

    public LoopNode One { get; }

    public LinkBinding? Binding { get; private set; }

    /// <summary>Zero closed the link because of what came.</summary>
    public string? Closed { get; private set; }

    public Hash BasisForOne => One.State.Session?.Theirs?.Content.Hash ?? default;

    public LoopNode Node(Party party) => party == Party.Zero ? Zero : One;

    public void Connect()
    {
        Cut();
        var seed = BitConverter.GetBytes(++connections);
        Binding = new LinkBinding(
            Hash.Of([1, .. seed]), Hash.Of([2, .. seed]), Hash.Of([3, .. seed]), Hash.Of([4, .. seed]));
        foreach (var node in new[] { Zero, One })
        {
            link[(int)node.Me] = node.NextLink();
            node.Step(new LinkCurrent(link[(int)node.Me], node.HighestLink, Binding));
        }
    }

    public void Cut()
    {
        if (Binding is null)
            return;
        Binding = null;
        foreach (var node in new[] { Zero, One })
        {
            wire[(int)node.Me].Clear();
            node.Outbox.Clear();
            node.Step(new LinkGone(link[(int)node.Me]));
        }
    }

    /// <summary>Kills the node's process and starts it again from its disk.</summary>
    public void Restart(Party party)
    {
        Cut();
        Node(party).Kill();
        Node(party).Start();
    }

    public void Ask(Party party, ImmutableArray<Line> lines)
    {
        var id = new RequestId((UInt128)(++requests) + 1_000_000);
        var node = Node(party);
        node.Ask(new Intent(id, [.. lines.Select(line => line with { RequestId = id })], node.NowMs, null));
    }

    /// <summary>Delivers the next frame that the other's own loop sent.</summary>
    public void DeliverOne(Party to)
    {
        Collect();
        if (Binding is not null && wire[(int)to].TryDequeue(out var frame))
            Receive(to, frame);
    }

    public void Settle(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            if (Binding is null)
                Connect();
            foreach (var node in new[] { Zero, One })
            {
                Collect();
                for (var waiting = wire[(int)node.Me].Count; waiting > 0; waiting--)
                    DeliverOne(node.Me);
                node.Turn();
            }
        }
    }

    /// <summary>The newest frame on its way to Zero, or null.</summary>
    public Frame? OnItsWay()
    {
        Collect();
        return wire[0].LastOrDefault();
    }

    /// <summary>Gives Zero a frame in One's name, unless it needs a signature of Zero that does not exist.</summary>
    public bool Inject(Frame frame)
    {
        Collect();
        var bytes = new ReadOnlySequence<byte>(FrameCodec.Write(frame));
        if (Binding is null || FrameCodec.TryRead(ref bytes, FrameCodec.MaxFrameBytes, out var read, out _)
            != FrameReadResult.Complete || !CanExist(read!))
        {
            return false;
        }
        Receive(Party.Zero, read!);
        return true;
    }

    private void Receive(Party to, Frame frame)
    {
        var node = Node(to);
        node.Receive(link[(int)to], Binding!, frame);
        var close = node.Effects.OfType<CloseLink>().LastOrDefault();
        node.Effects.Clear();
        if (close is null)
            return;
        Closed = close.Reason;
        Cut();
    }

    // The node verifies signatures and finds the tab before its loop hears of a frame; see Ledger.Links.
    private bool CanExist(Frame frame) => frame switch
    {
        HelloFrame { Hello.Hello: var hello } => hello.Author == Party.One && hello.Tab == Terms.Id
            && hello.Asset == Terms.Asset,
        PageFrame { Page: var page } => page.Page.Tab == Terms.Id && IsSigned(page),
        AskPageFrame asked => asked.Tab == Terms.Id,
        FaultFrame { Fault.Content.Fault: var fault } =>
            fault.Tab == Terms.Id && fault.Author == Party.One && IsSigned(fault.Page),
        _ => false,
    };

    private bool IsSigned(SignedPage page) => page.Page.Author == Party.One || written.Contains(page.Hash);

    private void Collect()
    {
        foreach (var node in new[] { Zero, One })
        {
            foreach (var (number, frame) in node.Outbox)
            {
                if (Binding is not null && number == link[(int)node.Me])
                    wire[(int)node.Me.Other()].Enqueue(frame);
            }
            node.Outbox.Clear();
        }
        foreach (var page in Zero.Disk.Pages[Party.Zero].TakeLast(8))
            written.Add(page.Hash);
    }

    private static PublicKey Key(byte seed) =>
        PublicKey.TryCreate([2, .. SHA256.HashData([seed])], out var key) ? key : throw new InvalidOperationException();
}
