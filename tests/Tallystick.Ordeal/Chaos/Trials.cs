using System.Diagnostics;
using Tallystick.Ordeal.Calls;
using Tallystick.Ordeal.Checking;
using Tallystick.Ordeal.Network;
using Tallystick.Ordeal.Nodes;

namespace Tallystick.Ordeal.Chaos;

/// <summary>What those who make trouble share.</summary>
internal sealed class Trials(
    IReadOnlyList<NodeUnderTest> nodes, Callers callers, NodeNetwork network, Score score,
    Func<NodeUnderTest, string> program, CancellationToken broken)
{
    // A machine that is busy with other things must not look like a program that hangs.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public IReadOnlyList<NodeUnderTest> Nodes => nodes;

    public Callers Callers => callers;

    public NodeNetwork Network => network;

    public Score Score => score;

    /// <summary>Only one node at a time may have an old book: two who forgot the same may disagree for good.</summary>
    public SemaphoreSlim OneRestore { get; } = new(1);

    public void Spawn(NodeUnderTest node) => node.Spawn(program(node));

    /// <summary>Starts a node and lets the others' wires find it.</summary>
    public async Task StartAsync(NodeUnderTest node)
    {
        Spawn(node);
        await node.WaitUntilUpAsync();
        foreach (var other in nodes.Where(other => other != node))
            other.Wires[node.Name].Target = node.Listens;
    }

    /// <summary>Starts a node that calls nobody and that nobody can call.</summary>
    public async Task StartOfflineAsync(NodeUnderTest node)
    {
        node.Spawn(program(node), offline: true);
        await node.WaitUntilUpAsync();
    }

    /// <summary>What the callers of a node do when they learn that its book is an old one.</summary>
    public Task AskAgainAfterRestoreAsync(NodeUnderTest node, long sinceMs, Random random)
    {
        List<Func<Task>> calls = [];
        foreach (var payment in callers.Payments.Where(
            p => p.From == node && p.LastMs >= sinceMs && !p.Has(CallsCheck.Delivered)))
        {
            var wasTaken = payment.Has(CallsCheck.Sent) || payment.Has(CallsCheck.Queued);
            payment.ForgetWhatOnlyTheLostBookKnew();
            if (payment.Has(CallsCheck.Cancelled) || payment.Has(CallsCheck.Refused))
            {
                calls.Add(() => callers.CancelAsync(payment, wasCancelledBefore: true));
            }
            else if (wasTaken)
            {
                // The peer may give the page back after the limit has refused the second asking.
                payment.IsDoubtful = true;
                var one = new Random(random.Next());
                calls.Add(() => callers.AskAsync(payment, one, 0, isAgain: true));
            }
        }
        return Parallel.ForEachAsync(
            calls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (call, _) => await call());
    }

    public async Task UntilAsync(string what, Func<bool> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!holds())
        {
            if (waited.Elapsed > Patience)
                throw new OrdealFailedException($"Not within {Patience.TotalSeconds} seconds: {what}.");
            await Task.Delay(100, broken);
        }
    }
}
