using System.Threading.Channels;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Ledgers;

/// <summary>
/// The one writer of the book. Whatever all tabs have ready shares one durable transaction, and only then do the
/// effects run, in order: this is where "durable before sent" holds for the whole node.
/// </summary>
internal sealed class Committer(ILedgerStore store, Action<TabBatch> publish)
{
    // More would only make the transaction, and so everybody's wait, longer.
    private const int MaxBatchesPerCommit = 256;

    private readonly Channel<TabBatch> ready = Channel.CreateBounded<TabBatch>(
        new BoundedChannelOptions(1024) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ValueTask CommitAsync(TabBatch batch, CancellationToken ct) => ready.Writer.WriteAsync(batch, ct);

    /// <summary>No more batches; <see cref="RunAsync"/> ends when those that came are durable.</summary>
    public void Complete() => ready.Writer.TryComplete();

    /// <summary>Runs until completed, or throws what the store threw: then the process must stop.</summary>
    public async Task RunAsync()
    {
        var batches = new List<TabBatch>();
        var commits = new List<TabCommit>();
        while (await ready.Reader.WaitToReadAsync())
        {
            while (batches.Count < MaxBatchesPerCommit && ready.Reader.TryRead(out var batch))
            {
                batches.Add(batch);
                foreach (var write in batch.Turn.Writes)
                    commits.Add(new TabCommit(batch.Turn.State.Terms, batch.Turn.State.Me, write));
            }
            if (commits.Count > 0)
                store.Commit(commits);
            foreach (var batch in batches)
                publish(batch);
            batches.Clear();
            commits.Clear();
        }
    }
}
