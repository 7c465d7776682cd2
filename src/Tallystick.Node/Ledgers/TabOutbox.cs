using Tallystick.Core.Links;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
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
    // An honest peer asks for one page in a session. Each question is a few bytes and its answer a large page, so a
    // peer that asks and does not read would fill the memory.
    private const int MaxEvidenceWaiting = 64;

    private readonly Lock gate = new();
    private readonly Queue<Func<Task>> behind = new();
    private bool busy;
    private int evidenceWaiting;

    public PeerLink Link => link;

    /// <summary>Queues a frame; the link sends it when it is told to.</summary>
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
        link.TryQueue(FrameCodec.Write(frame));
    }

    /// <summary>Sends stored pages of both chains, each after the page it has seen.</summary>
    public void SendStored(SendStored range) =>
        SendBehind(async () =>
        {
            foreach (var page in StoredRange.InOrder(range, me, Read))
                await SendSlowlyAsync(new PageFrame(page));
        });

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

    private IReadOnlyList<SignedPage> Read(Party author, long from, int most) =>
        [.. store.ReadPages(tab, author, from, most).Select(stored => stored.Page)];

    private async Task SendSlowlyAsync(Frame frame)
    {
        if (!await link.SendAsync(FrameCodec.Write(frame), CancellationToken.None))
            throw new IOException("The link is gone.");
    }
}
