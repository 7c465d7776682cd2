using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Core.Identity;
using Tallystick.Node.Api;
using Tallystick.Node.Discovery;
using Tallystick.Node.Identity;
using Tallystick.Node.Invites;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Peers;
using Tallystick.Node.Storage;
using Tallystick.Node.Storage.Sqlite;
using Tallystick.Node.Web.Access;

namespace Tallystick.Node.Hosting;

/// <summary>One running node: book, key, links, ledger and API, started together and stopped together.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    private const int MaxNameBytes = 64;

    // What was started, newest last: stopped in the opposite order.
    private readonly Stack<Func<ValueTask>> stops = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Ledger? ledger;
    private ILogger log = NullLogger.Instance;

    private NodeHost(NodeOptions options) =>
        (Name, HasRooms, IsOffline) = (options.Name, options.Rooms, options.Offline);

    /// <summary>What the node calls itself.</summary>
    public string Name { get; }

    /// <summary>Whether it serves rooms to people without a node.</summary>
    public bool HasRooms { get; }

    /// <summary>Whether it calls nobody and nobody can call it.</summary>
    public bool IsOffline { get; }

    /// <summary>What people compare.</summary>
    public string Fingerprint { get; private set; } = string.Empty;

    /// <summary>The Unix domain socket of the API.</summary>
    public string SocketPath { get; private set; } = string.Empty;

    /// <summary>The API on loopback, or null when that port is off.</summary>
    public Uri? WebUrl { get; private set; }

    /// <summary>Where people find the pages: behind a proxy if there is one, or null when they are off.</summary>
    public Uri? PagesUrl { get; private set; }

    /// <summary>What the API wants to see.</summary>
    public string Token { get; private set; } = string.Empty;

    /// <summary>Opens the pages in a browser and signs it in, or null when they are off. A secret.</summary>
    public Uri? SignInUrl { get; private set; }

    /// <summary>Where peers are heard, or null.</summary>
    public IPEndPoint? ListenEndPoint { get; private set; }

    /// <summary>Completes when the book failed, with what it said: the process must stop. Null when disposed.</summary>
    public Task<Exception?> Stopped => ledger!.Stopped;

    /// <summary>All tabs of the node.</summary>
    internal Ledger Ledger => ledger!;

    /// <summary>Starts a node.</summary>
    /// <exception cref="CannotStartException">The message is one sentence that says what to do.</exception>
    public static Task<NodeHost> StartAsync(NodeOptions options, CancellationToken cancel) =>
        StartAsync(options, TimeProvider.System, cancel);

    /// <summary>The same by a clock of the caller's.</summary>
    internal static async Task<NodeHost> StartAsync(NodeOptions options, TimeProvider time, CancellationToken cancel)
    {
        Check(options);
        var host = new NodeHost(options);
        try
        {
            await host.RunAsync(options, time, cancel);
            return host;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or SocketException or StoreFailedException)
        {
            await host.DisposeAsync();
            throw new CannotStartException(
                $"The node cannot start on {options.DataFolder} ({e.Message.TrimEnd('.')}); mend that first.", e);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (stops.TryPop(out var stop))
        {
            try
            {
                await stop();
            }
            catch (Exception e)
            {
                // Whatever does not stop cleanly must not keep the rest from being closed.
                log.LogError(e, "A part of the node did not stop cleanly");
            }
        }
    }

    private async Task RunAsync(NodeOptions options, TimeProvider time, CancellationToken cancel)
    {
        var logs = Keep(NodeLogs.Create(options.Debug));
        log = logs.CreateLogger<NodeHost>();
        var folder = Keep(DataFolder.Open(options.DataFolder, options.Temporary));
        // A key that is there is opened first, so that a wrong passphrase leaves everything as it was.
        var access = new KeyAccess(options.Passphrase, options.AskPassphrase);
        var known = KeyFile.IsIn(folder.Path)
            ? Keep(NodeIdentity.LoadOrCreate(folder.Path, access, cancel))
            : null;
        // Ports come first: whoever has the wrong one hears so before a book is made.
        SocketPath = ApiSocket.PathFor(folder.Path);
        var local = Keep(ApiSocket.Bind(SocketPath));
        stops.Push(() =>
        {
            ApiSocket.Remove(SocketPath, folder.Path);
            return ValueTask.CompletedTask;
        });
        var web = WebPort.Bind(options.WebPort, folder, WebAddress(options));
        if (web is not null)
            Keep(web);
        // Half of the API's start needs no book: it passes beside the opening of that.
        var building = Task.Run(() => ApiServer.Build(local, web, logs), CancellationToken.None);
        // In case that the API never comes to own it; a second time it does nothing.
        stops.Push(async () => await (await building).DisposeAsync());
        var store = Keep(SqliteLedgerStore.Open(folder.Path, time));
        var identity = known ?? Keep(NodeIdentity.LoadOrCreate(folder.Path, access, cancel));
        var runId = RandomHash.Next();
        var keys = new KeyRing();
        LinkHub? hub = null;
        ledger = Keep(Ledger.Open(store, identity, keys, runId, () => hub?.HighestLinkNumber ?? 0, time, logs));

        var book = new PeerBook(store, identity.Key, options.Name, time);
        var notices = new NoticeFeed(time);
        var door = Keep(new PeerDoor(
            book, ledger, notices, options.Assets, identity.Fingerprint, time, logs.CreateLogger<PeerDoor>()));
        AddPeers(book, options);
        var invites = OpenInvites(store, book, ledger, identity.Key, notices, door, time);
        hub = Keep(LinkHub.Start(
            new LinkHubOptions(identity, options.Name, Listen(options))
            {
                Time = time,
                RunId = runId,
                Relays = options.Offline ? [] : [.. options.Relays.Select(Relay)],
                Dials = !options.Offline,
                Word = options.MeetingWord,
            },
            door.Callbacks));

        (Token, Fingerprint, ListenEndPoint) = (folder.Token, identity.Fingerprint.ToString(), hub.ListenEndPoint);
        WebUrl = web is null ? null : WebPort.UrlOf(web);
        var webKeys = new WebKeys(Token);
        PagesUrl = WebUrl is null ? null : options.PublicUrl ?? WebUrl;
        SignInUrl = PagesUrl is null ? null : new Uri(PagesUrl, "/sign-in?code=" + webKeys.SignInCode);
        string[] reach =
        [
            .. options.Reach,
            .. options.Relays.Select(relay => PeerAddress.Through(Relay(relay), identity.Fingerprint).ToString()),
        ];
        var node = new NodeParts
        {
            Options = options,
            DataFolder = folder.Path,
            Identity = identity,
            Keys = keys,
            Store = store,
            Ledger = ledger,
            Book = book,
            Door = door,
            Invites = invites,
            Notices = notices,
            Time = time,
            Listen = ListenEndPoint,
            Reach = reach,
            Hub = hub,
            Nearby = KeepNearby(options, identity.Fingerprint, time),
            Web = WebUrl,
            SignIn = SignInUrl,
        };
        KeepTelling(new NoticeWriter(node, log), door);
        var addresses = KeepMoving(door, hub.ListenEndPoint, reach);
        door.Open(hub);
        Keep(await ApiServer.StartAsync(await building, node, Token, logs, cancel));
        Keep(new QuietTime(() => Environment.CpuUsage.TotalTime, () => Rest(keys), time));
        RunningNodes.Write(new RunningNode(
            Name, folder.Path, SocketPath, WebUrl?.ToString(), Environment.ProcessId, time.GetUtcNow()));
        ready.SetResult();
        // To ask the system takes a while, which nobody has to wait for unless a peer or a person was quicker.
        _ = Task.Run(() => addresses.Current, CancellationToken.None);
    }

    private InviteParts OpenInvites(
        SqliteLedgerStore store, PeerBook book, Ledger tabs, PublicKey me, NoticeFeed notices, PeerDoor door,
        TimeProvider time)
    {
        var invites = new InviteBook(store, time);
        var desk = Keep(new InviteDesk(invites, book, tabs, me, notices, time) { Redeemed = door.Changed });
        var taken = Keep(new JoinDesk(book, tabs, time)
        {
            Changed = door.Changed,
            IsOnline = key => door.Presence.IsOnline(key),
        });
        door.TakeInvitations(desk, taken);
        return new InviteParts(invites, desk, taken);
    }

    private void KeepTelling(NoticeWriter writer, PeerDoor door)
    {
        door.PeerLeft = writer.PeerLeft;
        var stopping = new CancellationTokenSource();
        var telling = writer.RunAsync(stopping.Token);
        stops.Push(async () =>
        {
            await stopping.CancelAsync();
            await telling;
            stopping.Dispose();
        });
    }

    // A laptop that wakes up elsewhere tells whoever is still linked; the others hear it on the next link.
    private AddressWatch KeepMoving(PeerDoor door, IPEndPoint? listen, IReadOnlyList<string> reach)
    {
        var watch = Keep(new AddressWatch(() => OwnAddresses.Of(listen, reach), [.. reach], door.Moved, log));
        door.OwnAddresses = () => watch.Current;
        // Somebody may have been quicker than this.
        door.Moved();
        return watch;
    }

    private LanDiscovery? KeepNearby(NodeOptions options, Fingerprint mine, TimeProvider time) =>
        options.Nearby && !options.Offline
            ? Keep(LanDiscovery.Start(options.Name, mine, ListenEndPoint, LanNetwork.All, time, log, ready.Task))
            : null;

    private static void Rest(KeyRing keys)
    {
        keys.Forget();
        SpareMemory.GiveBack();
    }

    private static void AddPeers(PeerBook book, NodeOptions options)
    {
        foreach (var (name, address) in options.Peers)
        {
            // A peer that was renamed since keeps the name that the book has for it.
            if (book.Add(name, address).Refusal is { Name: not "address-taken" } refusal)
                throw new CannotStartException($"--peer {address}: {refusal.Text}");
        }
    }

    private static PeerAddress Relay(string text) => PeerAddress.TryParseRelay(text, out var relay, out var problem)
        ? relay
        : throw new CannotStartException($"--relay: {problem}");

    private static IPAddress? WebAddress(NodeOptions options) =>
        options.WebAddress is { } text ? IPAddress.Parse(text) : null;

    private static IPEndPoint? Listen(NodeOptions options)
    {
        if (options.Offline || options.ListenPort is not { } port)
            return null;
        var everywhere = Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        return new IPEndPoint(options.ListenAddress is { } text ? IPAddress.Parse(text) : everywhere, port);
    }

    private static void Check(NodeOptions options)
    {
        if (options.Name.Trim().Length == 0 || Encoding.UTF8.GetByteCount(options.Name) > MaxNameBytes)
            throw new CannotStartException($"A node's name has 1 to {MaxNameBytes} bytes; give another with --name.");
        if (options.ListenPort is < 0 or > ushort.MaxValue)
            throw new CannotStartException($"{options.ListenPort} is not a port: choose --listen 1 to 65535.");
        if (options.ListenAddress is { } address && !IPAddress.TryParse(address, out _))
            throw new CannotStartException($"'{address}' is not an IP address to listen on.");
        if (options.WebAddress is { } web && !IPAddress.TryParse(web, out _))
            throw new CannotStartException($"'{web}' is not an IP address to serve pages on.");
        if (options.Assets.Count == 0)
            throw new CannotStartException("A node counts at least one asset; give one with --asset CODE/SCALE.");
    }

    private T Keep<T>(T part)
        where T : class
    {
        stops.Push(part switch
        {
            IAsyncDisposable slow => slow.DisposeAsync,
            IDisposable quick => () =>
            {
                quick.Dispose();
                return ValueTask.CompletedTask;
            }
            ,
            _ => throw new ArgumentException($"{typeof(T).Name} cannot be stopped.", nameof(part)),
        });
        return part;
    }
}
