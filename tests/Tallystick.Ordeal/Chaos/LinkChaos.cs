using Tallystick.Ordeal.Network;

namespace Tallystick.Ordeal.Chaos;

/// <summary>What is done to the links: one trouble at a time, between two nodes or at one node's cable.</summary>
internal sealed class LinkChaos(Trials trials, Random random)
{
    public async Task RunAsync(CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(random.Next(100, 1500), end);
                await TroubleAsync(end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The chaos is over; whoever ends it mends all links.
        }
    }

    private async Task TroubleAsync(CancellationToken end)
    {
        var kind = random.Next(trials.Network.CanPull ? 8 : 7);
        if (kind == 7)
        {
            await PullCableAsync(end);
            return;
        }
        var one = trials.Nodes[random.Next(trials.Nodes.Count)];
        var (peer, there) = one.Wires.ElementAt(random.Next(one.Wires.Count));
        var back = trials.Nodes.Single(node => node.Name == peer).Wires[one.Name];
        switch (kind)
        {
            case 0:
                Note(Count.LinksCut);
                there.CutAll();
                back.CutAll();
                break;
            case 1:
                await ForAWhileAsync(WireState.Cut, WireState.Cut, Count.LinksCut, 3000);
                break;
            case 2:
                var bytes = random.Next(1, random.Next(2) == 0 ? 400 : 40_000);
                if (there.CutAfter(bytes) | back.CutAfter(bytes))
                {
                    Note(Count.LinksCut);
                    Note(Count.LinksCutInFrame);
                }
                break;
            case 3:
                await ForAWhileAsync(WireState.Stalled, WireState.Stalled, Count.LinksStalled, 5000);
                break;
            case 4:
                await ForAWhileAsync(WireState.DeafThere, WireState.DeafHere, Count.LinksHalfOpen, 4000);
                break;
            case 5:
                await ForAWhileAsync(WireState.DeafHere, WireState.DeafThere, Count.LinksHalfOpen, 4000);
                break;
            default:
                await ForAWhileAsync(WireState.Slow, WireState.Slow, Count.LinksSlow, 3000);
                break;
        }

        void Note(Count what) => trials.Score.Add(what);

        async Task ForAWhileAsync(WireState thither, WireState hither, Count what, int mostMs)
        {
            Note(what);
            there.Set(thither);
            back.Set(hither);
            await Task.Delay(random.Next(50, mostMs), end);
            there.Set(WireState.Open);
            back.Set(WireState.Open);
        }
    }

    private async Task PullCableAsync(CancellationToken end)
    {
        var name = trials.Nodes[random.Next(trials.Nodes.Count)].Name;
        trials.Network.Cable(name, isIn: false);
        trials.Score.Add(Count.CablesPulled);
        try
        {
            await Task.Delay(random.Next(200, 6000), end);
        }
        finally
        {
            trials.Network.Cable(name, isIn: true);
        }
    }
}
