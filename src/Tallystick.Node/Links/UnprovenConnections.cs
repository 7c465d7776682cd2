using System.Net;

namespace Tallystick.Node.Links;

/// <summary>Connections that have proven nothing yet, in the order of their arrival. Thread-safe.</summary>
internal sealed class UnprovenConnections(int most, int mostPerAddress)
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

    /// <summary>
    /// Takes a slot. When there is none left, the oldest connection of the address that has the most is dropped for it,
    /// so that whoever has one waits for its turn undisturbed.
    /// </summary>
    public Slot Enter(IPAddress caller, CancellationTokenSource stop)
    {
        var slot = new Slot(this, caller, stop);
        Slot? dropped = null;
        lock (gate)
        {
            if (countByAddress.GetValueOrDefault(caller) >= mostPerAddress)
                dropped = OldestOf(caller);
            else if (slots.Count >= most)
                dropped = OldestOf(countByAddress.MaxBy(address => address.Value).Key);
            if (dropped is not null)
                Remove(dropped);
            slot.Node = slots.AddLast(slot);
            countByAddress[caller] = countByAddress.GetValueOrDefault(caller) + 1;
        }
        _ = dropped?.Stop.CancelAsync();
        return slot;
    }

    private Slot OldestOf(IPAddress caller) => slots.First(slot => slot.Caller.Equals(caller));

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
        if (--countByAddress[slot.Caller] == 0)
            countByAddress.Remove(slot.Caller);
    }

    /// <summary>One connection's place; given back when it is disposed, once or more often.</summary>
    internal sealed class Slot(UnprovenConnections owner, IPAddress caller, CancellationTokenSource stop) : IDisposable
    {
        public IPAddress Caller { get; } = caller;

        public CancellationTokenSource Stop { get; } = stop;

        public LinkedListNode<Slot>? Node { get; set; }

        public void Dispose() => owner.Leave(this);
    }
}
