using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Tallystick.Node.Links;

/// <summary>
/// Connects to whichever of several addresses answers first, as browsers do (RFC 8305, Happy Eyeballs): families take
/// turns, each attempt gets a head start over the next, and one that fails makes way at once.
/// </summary>
internal static class AddressRace
{
    /// <summary>The head start of an attempt: the RFC's recommendation.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    // At a time; the next begins when one of them has failed.
    private const int MaxAttempts = 16;

    /// <summary>The connection and which of <paramref name="addresses"/> it leads to.</summary>
    /// <param name="addresses">
    /// As <see cref="PeerAddress"/> writes them, the likeliest first, those through relays last whatever their place;
    /// what is no address is passed over.
    /// </param>
    /// <param name="told">Those of them that only the peer itself says.</param>
    /// <param name="throughRelay">Connects a new socket to whoever is called through a relay.</param>
    /// <param name="time">The clock of the head starts.</param>
    /// <param name="cancellation">Ends all attempts.</param>
    /// <exception cref="SocketException">All failed: why the first did.</exception>
    public static async Task<(Socket Socket, string Address)> ConnectAsync(
        IReadOnlyList<string> addresses,
        IReadOnlyCollection<string> told,
        Func<Socket, PeerAddress, CancellationToken, ValueTask> throughRelay,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var queue = Resolve(addresses, told, cancellation);
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task<(Socket, string)>>();
        Exception? first = null;
        try
        {
            for (var isMore = true; isMore || running.Count > 0;)
            {
                var isFull = running.Count >= MaxAttempts;
                if (isMore && !isFull && queue.TryRead(out var next))
                {
                    running.Add(AttemptAsync(next, throughRelay, losers.Token));
                    await Task.WhenAny([.. running, Task.Delay(HeadStart, time, losers.Token)]);
                }
                else
                {
                    // Nothing is to be tried now: whatever comes first, an answer or a name's address.
                    var coming = isMore && !isFull ? queue.WaitToReadAsync(losers.Token).AsTask() : null;
                    await Task.WhenAny([.. running, .. coming is null ? Array.Empty<Task>() : [coming]]);
                    first ??= coming?.Exception?.InnerException;
                    isMore = isMore
                        && coming is null or { IsCompleted: false } or { IsCompletedSuccessfully: true, Result: true };
                }
                foreach (var done in running.Where(attempt => attempt.IsCompleted).ToArray())
                {
                    running.Remove(done);
                    if (done.IsCompletedSuccessfully)
                        return await done;
                    first ??= done.Exception?.InnerException;
                }
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await losers.CancelAsync();
            running.ForEach(Discard);
        }
        throw first ?? new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>Every place to try, as soon as it is known: what needs no name service comes at once.</summary>
    private static ChannelReader<Place> Resolve(
        IReadOnlyList<string> addresses, IReadOnlyCollection<string> told, CancellationToken cancellation)
    {
        var (known, relayed) = (new List<Place>(), new List<Place>());
        var names = new List<(PeerAddress Where, string Address)>();
        foreach (var address in addresses)
        {
            if (!PeerAddress.TryParse(address, out var parsed, out _))
                continue;
            var where = parsed with { IsTold = told.Contains(address) };
            if (where.IsRelayed)
                relayed.Add(new Place(address) { Relayed = where });
            else if (IPAddress.TryParse(where.Host, out var ip))
                known.Add(new Place(address) { EndPoint = new IPEndPoint(ip, where.Port) });
            else
                names.Add((where, address));
        }
        var places = Channel.CreateUnbounded<Place>();
        foreach (var place in Interleaved(known).Concat(relayed))
            places.Writer.TryWrite(place);
        _ = ResolveAllAsync(names, places.Writer, cancellation);
        return places.Reader;
    }

    private static async Task ResolveAllAsync(
        List<(PeerAddress Where, string Address)> names, ChannelWriter<Place> places, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(names.Select(async name =>
            {
                var found = await HostNames.ResolveAsync(name.Where, cancellation);
                foreach (var place in Interleaved(
                    [
                        .. found.Select(ip => new Place(name.Address)
                        {
                            EndPoint = new IPEndPoint(ip, name.Where.Port),
                        }),
                    ]))
                    places.TryWrite(place);
            }));
            places.Complete();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            // A name that nobody knows is told only if nothing else answers.
            places.Complete(e);
        }
    }

    /// <summary>The families in turn, that of the first place first.</summary>
    private static IEnumerable<Place> Interleaved(IReadOnlyCollection<Place> places)
    {
        var families = places.GroupBy(place => place.EndPoint!.AddressFamily)
            .Select(family => family.ToArray())
            .ToArray();
        return
            from round in Enumerable.Range(0, families.Length == 0 ? 0 : families.Max(family => family.Length))
            from family in families
            where round < family.Length
            select family[round];
    }

    private static async Task<(Socket, string)> AttemptAsync(
        Place place,
        Func<Socket, PeerAddress, CancellationToken, ValueTask> throughRelay,
        CancellationToken cancellation)
    {
        var socket = place.EndPoint is { } direct
            ? new Socket(direct.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (place.Relayed is { } callee)
                await throughRelay(socket, callee, cancellation);
            else
                await socket.ConnectAsync(place.EndPoint!, cancellation);
            return (socket, place.Address);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Discard(Task<(Socket Socket, string)> loser) => _ = loser.ContinueWith(
        late =>
        {
            if (late.IsCompletedSuccessfully)
                late.Result.Socket.Dispose();
            else
                _ = late.Exception;
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>One place to try: a port, or somebody behind a relay.</summary>
    private sealed record Place(string Address)
    {
        public IPEndPoint? EndPoint { get; init; }

        public PeerAddress? Relayed { get; init; }
    }
}
