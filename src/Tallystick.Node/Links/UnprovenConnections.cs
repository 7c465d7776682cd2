using System.Net;

namespace Tallystick.Node.Links;

/// <summary>Connections that have proven nothing yet, in the order of their arrival. Thread-safe.</summary>
internal sealed class UnprovenConnections(LinkLimits limits)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Slot> slots = new();
    private readonly Dictionary<IPAddress, int> countByAddress = [];

    public int Count
    {
        get
        {
            lock (gate)
                return slots.Count;
        }
    }

    /// <summary>Takes a slot; the oldest is dropped for it when there is none left.</summary>
    public Slot Enter(IPAddress address, CancellationTokenSource stop)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var slot = new Slot(this, address, stop);
        Slot? dropped = null;
        lock (gate)
        {
            if (countByAddress.GetValueOrDefault(address) >= limits.UnprovenConnectionsPerAddress)
                dropped = slots.First(s => s.Address.Equals(address));
            else if (slots.Count >= limits.UnprovenConnections)
                dropped = slots.First!.Value;
            if (dropped is not null)
                Remove(dropped);
            slot.Node = slots.AddLast(slot);
            countByAddress[address] = countByAddress.GetValueOrDefault(address) + 1;
        }
        _ = dropped?.Stop.CancelAsync();
        return slot;
    }

    private void Leave(Slot slot)
    {
        lock (gate)
            Remove(slot);
    }

    private void Remove(Slot slot)
    {
        if (slot.Node is null)
            return;
        slots.Remove(slot.Node);
        slot.Node = null;
        if (--countByAddress[slot.Address] == 0)
            countByAddress.Remove(slot.Address);
    }

    /// <summary>One connection's place; given back when it is disposed, once or more often.</summary>
    internal sealed class Slot(UnprovenConnections owner, IPAddress address, CancellationTokenSource stop) : IDisposable
    {
        public IPAddress Address { get; } = address;

        public CancellationTokenSource Stop { get; } = stop;

        public LinkedListNode<Slot>? Node { get; set; }

        public void Dispose() => owner.Leave(this);
    }
}
