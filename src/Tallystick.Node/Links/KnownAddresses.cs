using System.Net;

namespace Tallystick.Node.Links;

/// <summary>
/// Where peers were met lately, or are to be dialled: whoever calls from there is served before strangers, and not
/// counted with them. It is no proof of anything. Thread-safe.
/// </summary>
internal sealed class KnownAddresses
{
    // More than a person's peers; the one that was met longest ago is forgotten first.
    private const int Most = 1_024;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, LinkedListNode<IPAddress>> met = [];
    private readonly LinkedList<IPAddress> order = new();
    private volatile HashSet<IPAddress> dialled = [];

    /// <summary>A peer has proven itself from there.</summary>
    public void Met(IPAddress address)
    {
        var caller = CallerAddress.Of(address);
        lock (gate)
        {
            if (met.Remove(caller, out var before))
                order.Remove(before);
            met[caller] = order.AddLast(caller);
            if (met.Count <= Most)
                return;
            met.Remove(order.First!.Value);
            order.RemoveFirst();
        }
    }

    /// <summary>Where peers are dialled, as far as that is an address and not a name.</summary>
    public void SetDialled(IEnumerable<DialTarget> targets)
    {
        var addresses = new HashSet<IPAddress>();
        foreach (var each in targets.SelectMany(target => target.Others.Prepend(target.Address)))
        {
            if (PeerAddress.TryParse(each, out var where, out _)
                && !where.IsRelayed && IPAddress.TryParse(where.Host, out var address))
                addresses.Add(CallerAddress.Of(address));
        }
        dialled = addresses;
    }

    /// <summary>Whether a peer may well be who calls.</summary>
    public bool Contains(IPAddress caller)
    {
        if (dialled.Contains(caller))
            return true;
        lock (gate)
            return met.ContainsKey(caller);
    }
}
