using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Node.Hosting;
using Tallystick.Node.Identity;

namespace Tallystick.Node.Rooms;

/// <summary>A tab whose two parties are two browsers: two fresh keys, and both halves on this server.</summary>
internal sealed class Room : IAsyncDisposable
{
    private const string RecordFile = "room.json";
    private const int SecretDigits = 64;

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly RoomParty a;
    private readonly RoomParty b;
    private volatile RoomRecord record;

    private Room(RoomId id, string folder, RoomRecord record, RoomParty a, RoomParty b) =>
        (Id, this.folder, this.record, this.a, this.b) = (id, folder, record, a, b);

    public RoomId Id { get; }

    public RoomRecord Record => record;

    public RoomParty Party(RoomRole role) => role == RoomRole.A ? a : b;

    /// <summary>Whether there is a room in this folder.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, RecordFile));

    /// <summary>Makes an empty room in a new folder.</summary>
    public static void Create(string folder, Asset asset, TimeProvider time)
    {
        PrivateFile.CreateFolder(folder);
        Write(folder, new RoomRecord(time.GetUtcNow(), asset.ToString(), null, null, LeftA: false, LeftB: false));
    }

    /// <summary>Opens a room; its two ledgers are linked when this returns.</summary>
    public static async Task<Room> OpenAsync(RoomId id, string folder, TimeProvider time, ILoggerFactory logs)
    {
        var kept = JsonSerializer.Deserialize(
            await File.ReadAllBytesAsync(Path.Combine(folder, RecordFile)), RoomJson.Default.RoomRecord)!;
        if (!Asset.TryParse(kept.Asset, out var asset))
            throw new InvalidDataException($"Room {id} counts in {kept.Asset}, which is no asset.");
        var (folderOfA, folderOfB) = (Path.Combine(folder, "a"), Path.Combine(folder, "b"));
        PrivateFile.CreateFolder(folderOfA);
        PrivateFile.CreateFolder(folderOfB);
        var (keyOfA, keyOfB) = (NodeIdentity.LoadOrCreate(folderOfA), NodeIdentity.LoadOrCreate(folderOfB));
        var first = RoomParty.Open(folderOfA, "A", keyOfA, keyOfB.Key, "B", asset, time, logs);
        var second = RoomParty.Open(folderOfB, "B", keyOfB, keyOfA.Key, "A", asset, time, logs);
        var (linkOfA, linkOfB) = InProcessLink.Join(first.Key, second.Key, time);
        first.Start(linkOfA);
        second.Start(linkOfB);
        return new Room(id, folder, kept, first, second);
    }

    /// <summary>Takes a role; gives the secret that proves it from now on, or null when it is taken.</summary>
    public string? Take(RoomRole role)
    {
        lock (gate)
        {
            if (record.HolderOf(role) is not null)
                return null;
            var secret = RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true);
            Save(record.WithHolder(role, HashOf(secret)));
            return secret;
        }
    }

    /// <summary>Whether this secret was given with the role.</summary>
    public bool IsHeldBy(RoomRole role, string? secret) =>
        secret is { Length: SecretDigits }
        && record.HolderOf(role) is { } hash
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(HashOf(secret)), Encoding.UTF8.GetBytes(hash));

    /// <summary>Whoever has the role leaves for good.</summary>
    public void Leave(RoomRole role)
    {
        lock (gate)
            Save(record.WithLeft(role));
    }

    public async ValueTask DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
    }

    private static string HashOf(string secret) => Hash.Of(Encoding.UTF8.GetBytes(secret)).ToString();

    private static void Write(string folder, RoomRecord record) => PrivateFile.Write(
        Path.Combine(folder, RecordFile), JsonSerializer.Serialize(record, RoomJson.Default.RoomRecord));

    private void Save(RoomRecord changed)
    {
        Write(folder, changed);
        record = changed;
    }
}
