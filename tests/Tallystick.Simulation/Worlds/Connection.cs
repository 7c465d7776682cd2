using System.Buffers;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;

namespace Tallystick.Simulation.Worlds;

/// <summary>A connection between two nodes, from the dial to the last frame. Side 0 dialled, side 1 listens.</summary>
internal sealed class Connection(int id, SimulatedNode dialler, SimulatedNode listener, bool inBytes)
{
    public int Id => id;

    public LinkBinding Binding { get; } = Names.Binding(id);

    public LinkEnd[] Ends { get; } = [new(id, 0, dialler, listener), new(id, 1, listener, dialler)];

    /// <summary>What is on its way to side 0 and to side 1.</summary>
    public Lane[] Lanes { get; } = [new(inBytes), new(inBytes)];

    public bool Accepted { get; set; }

    public bool IsOver => !Ends[0].IsOpen && !Ends[1].IsOpen;
}

/// <summary>A connection as one of its two nodes sees it.</summary>
internal sealed class LinkEnd(int connection, int side, SimulatedNode node, SimulatedNode other)
{
    public int Connection => connection;

    public int Side => side;

    public SimulatedNode Node => node;

    public SimulatedNode Other => other;

    /// <summary>The number that the node gave it; numbers begin anew with each process.</summary>
    public long Number { get; set; }

    public bool IsOpen { get; set; }

    public bool IsProven { get; set; }

    public bool MayRead { get; set; }

    public bool IsCurrent { get; set; }

    public int OpenPings { get; set; }

    public long HeardMs { get; set; }
}

/// <summary>One direction of a connection: what was sent and did not arrive yet, in order.</summary>
internal sealed class Lane(bool inBytes)
{
    // Stored pages are read when it is their turn, as late as the shipped node ever does.
    private readonly Queue<object> parcels = new();
    private readonly ArrayBufferWriter<byte> sent = new(inBytes ? 4096 : 1);
    private int arrived;
    private ReadOnlySequence<byte> unread;

    /// <summary>The wire itself is cut: nothing arrives any more.</summary>
    public bool IsBroken { get; private set; }

    public bool IsStalled { get; set; }

    public bool IsInBytes => inBytes;

    public bool IsEmpty => parcels.Count == 0 && arrived == sent.WrittenCount;

    public int Waiting => parcels.Count;

    public void Break()
    {
        IsBroken = true;
        parcels.Clear();
        sent.ResetWrittenCount();
        (arrived, unread) = (0, default);
    }

    public void Send(Frame frame)
    {
        if (!IsBroken)
            parcels.Enqueue(frame);
    }

    public void Send(IEnumerator<SignedPage> stored)
    {
        if (!IsBroken)
            parcels.Enqueue(stored);
    }

    /// <summary>The sender reads no more from its disk.</summary>
    public void KeepOnlySent()
    {
        var frames = parcels.TakeWhile(parcel => parcel is Frame).ToList();
        if (frames.Count == parcels.Count)
            return;
        parcels.Clear();
        frames.ForEach(parcels.Enqueue);
    }

    /// <summary>The next frame that arrives, or null.</summary>
    public Frame? Take()
    {
        while (parcels.TryPeek(out var parcel))
        {
            if (parcel is Frame frame)
            {
                parcels.Dequeue();
                return frame;
            }
            var pages = (IEnumerator<SignedPage>)parcel;
            if (pages.MoveNext())
                return new PageFrame(pages.Current);
            parcels.Dequeue();
        }
        return null;
    }

    /// <summary>Lets so many bytes arrive, wherever in a frame that ends.</summary>
    public void LetArrive(long bytes)
    {
        while (sent.WrittenCount - arrived < bytes && Take() is { } frame)
            sent.Write(FrameCodec.Write(frame));
        var end = (int)Math.Min(sent.WrittenCount, arrived + bytes);
        unread = new ReadOnlySequence<byte>(
            [.. unread.ToArray(), .. sent.WrittenSpan[arrived..end]]);
        arrived = end;
        if (arrived == sent.WrittenCount)
        {
            sent.ResetWrittenCount();
            arrived = 0;
        }
    }

    /// <summary>The next frame that is whole in the bytes that arrived, or null.</summary>
    public Frame? TakeFromBytes()
    {
        var result = FrameCodec.TryRead(ref unread, FrameCodec.MaxFrameBytes, out var frame, out var refusal);
        if (result == FrameReadResult.Refused)
            throw new InvalidOperationException($"A frame of an honest node cannot be read: {refusal}");
        return frame;
    }
}
