using System.Threading.Channels;
using Tallystick.Node.Hosting;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// The one writer of the book. Whatever all tabs have ready shares one durable transaction, and only then do the
/// effects run, in order: this is where "durable before sent" holds for the whole node.
/// </summary>
/// <param name="store">The book.</param>
/// <param name="publish">Runs the effects of a batch that is durable; never waits.</param>
/// <param name="send">Sends what those of one transaction queued.</param>
internal sealed class Committer(ILedgerStore store, Action<TabBatch> publish, Action send)
{
    // More would only make the transaction, and so everybody's wait, longer.
    private const int MaxBatchesPerCommit = 256;

    private readonly Channel<TabBatch> ready = Channel.CreateBounded<TabBatch>(
        new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly List<TabBatch> batches = [];
    private readonly List<TabCommit> commits = [];
    private readonly Alarm alarm = new();
    private volatile bool completed;

    /// <summary>Takes a batch; waits while there are too many.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="lend">Whether to commit it on this thread if the committer has nothing else to do.</param>
    /// <param name="ct">Ends the wait.</param>
    public async ValueTask CommitAsync(TabBatch batch, bool lend, CancellationToken ct)
    {
        await ready.Writer.WriteAsync(batch, ct);
        alarm.Ring(lend);
    }

    /// <summary>No more batches; <see cref="RunAsync"/> ends when those that came are durable.</summary>
    public void Complete()
    {
        completed = true;
        alarm.Ring();
    }

    /// <summary>Runs until completed, or throws what the store threw: then the process must stop.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            var isLent = await alarm.WaitAsync();
            // Read before the last batches are taken, so that none comes after them.
            var isLast = completed;
            while (CommitSome())
            {
                if (!isLent || ready.Reader.Count == 0)
                    continue;
                await Task.Yield();
                isLent = false;
            }
            if (isLast)
                return;
        }
    }

    private bool CommitSome()
    {
        while (batches.Count < MaxBatchesPerCommit && ready.Reader.TryRead(out var batch))
        {
            batches.Add(batch);
            foreach (var write in batch.Turn.Writes)
                commits.Add(new TabCommit(batch.Turn.State.Terms, batch.Turn.State.Me, write));
        }
        if (batches.Count == 0)
            return false;
        if (commits.Count > 0)
            store.Commit(commits);
        foreach (var batch in batches)
            publish(batch);
        send();
        batches.Clear();
        commits.Clear();
        return true;
    }
}
