using Microsoft.Extensions.Logging;
using Tallystick.Core.Money;

namespace Tallystick.Node.Rooms;

/// <summary>
/// All rooms of a server. Their books lie on the disk; a room is opened when somebody comes, and put away when nobody
/// has been there for a while. One that both have left, or in which nothing was said for long, is removed.
/// </summary>
internal sealed class RoomHouse : IAsyncDisposable
{
    /// <summary>Rooms open at a time; each has two books and two ledgers. Beyond that the house is full.</summary>
    public const int MostOpen = 256;

    /// <summary>A room in which nothing is said for so long is removed.</summary>
    public static readonly TimeSpan KeptQuiet = TimeSpan.FromDays(90);

    private static readonly TimeSpan KeptOpen = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Cleared = TimeSpan.FromHours(6);

    private readonly Lock gate = new();
    private readonly Dictionary<RoomId, Entry> entries = [];
    private readonly RoomFolders folders;
    private readonly Asset asset;
    private readonly TimeProvider time;
    private readonly ILoggerFactory logs;
    private readonly ILogger log;
    private readonly ITimer sweeping;
    private readonly ITimer clearing;
    private bool disposed;

    public RoomHouse(string folder, Asset asset, TimeProvider time, ILoggerFactory logs)
    {
        (folders, this.asset, this.time, this.logs) = (new RoomFolders(folder), asset, time, logs);
        log = logs.CreateLogger<RoomHouse>();
        sweeping = time.CreateTimer(_ => PutAwayUnused(), state: null, KeptOpen / 2, KeptOpen / 2);
        clearing = time.CreateTimer(_ => RemoveQuiet(), state: null, TimeSpan.Zero, Cleared);
    }

    /// <summary>Told after something became durable in a room.</summary>
    public Action<RoomId> Changed { get; set; } = _ => { };

    /// <summary>Makes a room; null when there are too many.</summary>
    public RoomId? Create()
    {
        if (folders.IsFull)
            return null;
        var id = RoomId.Next();
        Room.Create(folders[id], asset, time);
        return id;
    }

    /// <summary>Opens a room for as long as the visit lasts; null when there is none, or no place for it.</summary>
    public async Task<RoomVisit?> EnterAsync(RoomId id)
    {
        while (true)
        {
            Entry entry;
            lock (gate)
            {
                if (!entries.TryGetValue(id, out var known))
                {
                    if (disposed || entries.Count >= MostOpen || !Room.IsIn(folders[id]))
                        return null;
                    entries[id] = known = new Entry(Task.Run(() => OpenAsync(id)));
                }
                entry = known;
                if (entry.Closing is null)
                    entry.Visitors++;
            }
            if (entry.Closing is { } closing)
            {
                await closing;
                continue;
            }
            return await VisitAsync(id, entry);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await sweeping.DisposeAsync();
        await clearing.DisposeAsync();
        List<Task> closings;
        lock (gate)
        {
            disposed = true;
            closings = [.. entries.ToList().Select(entry => Close(entry.Key, entry.Value))];
        }
        await Task.WhenAll(closings);
    }

    private async Task<RoomVisit?> VisitAsync(RoomId id, Entry entry)
    {
        try
        {
            return new RoomVisit((await entry.Opening).Room, () => Leave(entry));
        }
        catch (Exception e)
        {
            log.LogError(e, "Room {Room} cannot be opened", id);
            lock (gate)
                entries.Remove(id);
            return null;
        }
    }

    private async Task<OpenRoom> OpenAsync(RoomId id)
    {
        var room = await Room.OpenAsync(id, folders[id], time, logs);
        var stopping = new CancellationTokenSource();
        var watching = Task.WhenAll(
            WatchAsync(room.Party(RoomRole.A), id, stopping.Token),
            WatchAsync(room.Party(RoomRole.B), id, stopping.Token));
        return new OpenRoom(room, stopping, watching);
    }

    private async Task WatchAsync(RoomParty party, RoomId id, CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in party.Node.Ledger.EventsAsync(stopping))
                Changed(id);
        }
        catch (OperationCanceledException)
        {
            // The room is put away.
        }
    }

    private void Leave(Entry entry)
    {
        lock (gate)
        {
            entry.Visitors--;
            entry.LastLeft = time.GetTimestamp();
        }
    }

    private void PutAwayUnused()
    {
        lock (gate)
        {
            foreach (var (id, entry) in entries.ToList())
            {
                if (entry is { Visitors: 0, Closing: null } && time.GetElapsedTime(entry.LastLeft) > KeptOpen)
                    _ = Close(id, entry);
            }
        }
    }

    // Nobody opens it again before it is closed: two ledgers on one book would be two instances of one key.
    private Task Close(RoomId id, Entry entry) => entry.Closing ??= Task.Run(async () =>
    {
        try
        {
            var open = await entry.Opening;
            await open.Stopping.CancelAsync();
            await open.Watching;
            await open.Room.DisposeAsync();
            open.Stopping.Dispose();
            if (open.Room.Record.IsClosed)
                folders.Remove(id);
        }
        catch (Exception e)
        {
            log.LogError(e, "Room {Room} was not put away cleanly", id);
        }
        lock (gate)
            entries.Remove(id);
    });

    private void RemoveQuiet()
    {
        try
        {
            foreach (var id in folders.Unwritten(time.GetUtcNow().UtcDateTime - KeptQuiet))
            {
                lock (gate)
                {
                    if (!disposed && !entries.ContainsKey(id))
                        folders.Remove(id);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError(e, "Quiet rooms could not be removed");
        }
    }

    private sealed record OpenRoom(Room Room, CancellationTokenSource Stopping, Task Watching);

    private sealed class Entry(Task<OpenRoom> opening)
    {
        public Task<OpenRoom> Opening => opening;

        public Task? Closing { get; set; }

        public int Visitors { get; set; }

        public long LastLeft { get; set; }
    }
}

/// <summary>Somebody is in a room; it stays open until the visit is disposed.</summary>
internal sealed class RoomVisit(Room room, Action leave) : IDisposable
{
    public Room Room => room;

    public void Dispose() => leave();
}
