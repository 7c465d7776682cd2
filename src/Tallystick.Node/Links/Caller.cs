using System.Net.Sockets;

namespace Tallystick.Node.Links;

/// <summary>A connection that was let in, until it has proven its key or is gone.</summary>
internal sealed class Caller(
    Socket socket, UnprovenConnections.Slot slot, HandshakeTurns turns, HandshakeThread thread) : IDisposable
{
    private readonly CallerStream stream = new(socket, thread);

    /// <summary>
    /// Waits until it has said how it begins and its turn has come; what follows runs on the thread for handshakes.
    /// </summary>
    public async Task<Stream> BeginAsync(CancellationToken cancellation)
    {
        await stream.ReadFirstRecordAsync(cancellation);
        await turns.WaitAsync(slot.Caller, cancellation);
        await thread.SwitchTo();
        return stream;
    }

    /// <summary>It is a peer: its place is free, and what it says from now on is worked on like any peer's.</summary>
    public void Accept()
    {
        stream.IsProven = true;
        slot.Dispose();
    }

    public void Dispose() => slot.Dispose();
}
