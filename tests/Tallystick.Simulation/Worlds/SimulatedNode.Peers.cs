using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Node.Peers;
using Tallystick.Simulation.Checks;

namespace Tallystick.Simulation.Worlds;

/// <content>Whom the person knows, and by which name: the shipped book of peers on the simulated disk.</content>
internal sealed partial class SimulatedNode
{
    private PeerBook? peers;

    /// <summary>The person gives a peer another name.</summary>
    public void Rename(int peer, string name)
    {
        var key = Names.Key(peer);
        if (!IsRunning || peers!.Find(key) is not { } known)
            return;
        var isTaken = Disk.Told.Any(
            told => told.Key != key && string.Equals(told.Value, name, StringComparison.Ordinal));
        var isRefused = peers.Rename(known.Name, name).Refusal is not null;
        if (isRefused != isTaken)
            throw new Violation("name", $"{Name} may {(isTaken ? "not " : string.Empty)}call somebody {name}.");
        if (isRefused)
            return;
        Disk.Told[key] = name;
        world.Counts.Actions++;
        world.Counts.Renames++;
    }

    /// <summary>Whether everybody is called what the person was told last.</summary>
    /// <exception cref="Violation">A name is another, or the peer is unknown.</exception>
    public void CheckNames()
    {
        foreach (var (key, name) in Disk.Told)
        {
            if (peers!.Find(key) is not { } known || !string.Equals(known.Name, name, StringComparison.Ordinal))
                throw new Violation("name", $"{Name} was told that somebody is called {name}, and the book forgot.");
        }
    }

    private void OpenPeers()
    {
        peers = new PeerBook(Disk, Key, Name, new WorldTime(world));
        CheckNames();
        foreach (var peer in world.PeersOf(person))
        {
            var key = Names.Key(peer);
            if (peers.Find(key) is not null)
                continue;
            var greeting = new Greeting(key, Names.Letter(peer), default, default, 0, 1, 1);
            peers.Judge(greeting, dialledAddress: null, "a simulated place");
            if (peers.Accept(Fingerprint.Of(key).ToString(), Names.Letter(peer)).Refusal is not null)
                throw new Violation("name", $"{Name} cannot accept {Names.Letter(peer)}.");
            Disk.Told[key] = Names.Letter(peer);
        }
    }

    private sealed class WorldTime(World world) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(world.NowMs);
    }
}
