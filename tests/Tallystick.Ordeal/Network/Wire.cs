using System.Net;
using System.Net.Sockets;

namespace Tallystick.Ordeal.Network;

/// <summary>What a wire does with what comes.</summary>
internal enum WireState
{
    Open,

    /// <summary>Connections are closed, new ones at once.</summary>
    Cut,

    /// <summary>Connections stand, and nothing goes through.</summary>
    Stalled,

    /// <summary>What the dialler sends is swallowed; the other direction goes on.</summary>
    DeafThere,

    /// <summary>What the dialled one sends is swallowed; the other direction goes on.</summary>
    DeafHere,

    /// <summary>Everything goes through in small pieces, late.</summary>
    Slow,
}

/// <summary>A TCP proxy through which one node dials one other.</summary>
internal sealed class Wire : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HashSet<WireConnection> connections = [];
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Wire(string name, IPAddress address)
    {
        Name = name;
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Where the dialled node listens; known once it was started.</summary>
    public IPEndPoint? Target { get; set; }

    public WireState State { get; private set; }

    /// <summary>Completes when the state changes.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
                return changed.Task;
        }
    }

    public CancellationToken Ending => ending.Token;

    /// <summary>Changes what it does.</summary>
    public void Set(WireState state)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            State = state;
            (told, changed) = (
                changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        told.SetResult();
        if (state == WireState.Cut)
            CutAll();
    }

    /// <summary>Ends every connection with a reset.</summary>
    public void CutAll()
    {
        foreach (var connection in Connections())
            connection.Cut();
    }

    /// <summary>Lets so many bytes pass in each direction, then cuts: in the middle of a frame, mostly.</summary>
    public bool CutAfter(int bytes)
    {
        var all = Connections();
        foreach (var connection in all)
            connection.BytesLeft = bytes;
        return all.Count > 0;
    }

    public void Dispose()
    {
        ending.Cancel();
        listener.Dispose();
        CutAll();
    }

    private List<WireConnection> Connections()
    {
        lock (gate)
            return [.. connections];
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                _ = CarryAsync(await listener.AcceptAsync(ending.Token));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The listener ends with the wire; a connection that is gone before it was accepted concerns nobody.
            }
        }
    }

    private async Task CarryAsync(Socket dialler)
    {
        if (State == WireState.Cut || Target is not { } target)
        {
            WireConnection.Reset(dialler);
            return;
        }
        var dialled = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            await dialled.ConnectAsync(target, patience.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            WireConnection.Reset(dialler);
            dialled.Dispose();
            return;
        }
        var connection = new WireConnection(this, dialler, dialled);
        lock (gate)
            connections.Add(connection);
        await connection.RunAsync();
        lock (gate)
            connections.Remove(connection);
    }
}
