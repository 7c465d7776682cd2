using Tallystick.Core.Links;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Links;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// Sends one tab's frames on one link in order. New frames go straight to the link; while a resend reads the store,
/// they wait behind it. What waits is bounded by the window of pages that the peer has not seen.
/// </summary>
internal sealed class TabOutbox(PeerLink link, ILedgerStore store, TabId tab, Party me)
{
    private const int PagesPerRead = 64;

    // An honest peer asks for one page in a session. Each question is a few bytes and its answer a large page, so a
    // peer that asks and does not read would fill the memory.
    private const int MaxEvidenceWaiting = 64;

    private readonly Lock gate = new();
    private readonly Queue<Func<Task>> behind = new();
    private bool busy;
    private int evidenceWaiting;

    public PeerLink Link => link;

    public void Send(Frame frame)
    {
        lock (gate)
        {
            if (busy)
            {
                behind.Enqueue(() => SendSlowlyAsync(frame));
                return;
            }
        }
        link.TrySend(FrameCodec.Write(frame));
    }

    /// <summary>Sends stored pages of both chains, each after the page it has seen.</summary>
    public void SendStored(long ownFrom, long ownTo, long peerFrom, long peerTo) =>
        SendBehind(() => MergeAsync(new Chain(me, ownFrom, ownTo), new Chain(me.Other(), peerFrom, peerTo)));

    public void SendEvidence(Party author, long number)
    {
        if (Interlocked.Increment(ref evidenceWaiting) > MaxEvidenceWaiting)
        {
            link.Close(ByeReasons.TooMany);
            return;
        }
        SendBehind(async () =>
        {
            foreach (var stored in store.ReadPages(tab, author, number, 1))
                await SendSlowlyAsync(new PageFrame(stored.Page));
            Interlocked.Decrement(ref evidenceWaiting);
        });
    }

    private void SendBehind(Func<Task> job)
    {
        lock (gate)
        {
            behind.Enqueue(job);
            if (busy)
                return;
            busy = true;
        }
        _ = Task.Run(DrainAsync);
    }

    private async Task DrainAsync()
    {
        while (true)
        {
            Func<Task>? next;
            lock (gate)
            {
                if (!behind.TryDequeue(out next))
                {
                    busy = false;
                    return;
                }
            }
            try
            {
                await next();
            }
            catch (Exception lost)
            {
                // The link or the store is gone; the next session starts from the heads again.
                link.Close(lost is StoreFailedException ? "leaving" : "lost");
            }
        }
    }

    // The peer's own chain goes first wherever it can: a restored peer then takes each page back in exactly the view
    // in which it was written.
    private async Task MergeAsync(Chain own, Chain peers)
    {
        while (true)
        {
            var (ownNext, peerNext) = (Peek(own), Peek(peers));
            if (peerNext is { } theirs && theirs.Page.Page.Seen.Number < own.Next)
            {
                await SendSlowlyAsync(new PageFrame(theirs.Page));
                peers.Next++;
            }
            else if (ownNext is { } mine && mine.Page.Page.Seen.Number < peers.Next)
            {
                await SendSlowlyAsync(new PageFrame(mine.Page));
                own.Next++;
            }
            else
            {
                return;
            }
        }
    }

    private StoredPage? Peek(Chain chain)
    {
        if (chain.Next > chain.To)
            return null;
        if (chain.Read.Count == 0 || chain.Read[^1].Page.Page.Number < chain.Next)
        {
            var most = (int)Math.Min(PagesPerRead, chain.To - chain.Next + 1);
            chain.Read = store.ReadPages(tab, chain.Author, chain.Next, most);
        }
        return chain.Read.FirstOrDefault(page => page.Page.Page.Number == chain.Next);
    }

    private async Task SendSlowlyAsync(Frame frame)
    {
        if (!await link.SendAsync(FrameCodec.Write(frame), CancellationToken.None))
            throw new IOException("The link is gone.");
    }

    private sealed class Chain(Party author, long from, long to)
    {
        public Party Author => author;

        public long To => to;

        public long Next { get; set; } = from;

        public IReadOnlyList<StoredPage> Read { get; set; } = [];
    }
}
