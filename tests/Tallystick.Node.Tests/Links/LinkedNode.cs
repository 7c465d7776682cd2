using System.Collections.Concurrent;
using System.Net;
using Tallystick.Core.Identity;
using Tallystick.Core.Invites;
using Tallystick.Core.Links;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

/// <summary>A hub with an identity, and everything it was told.</summary>
internal sealed class LinkedNode : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PublicKey, bool> trusted = new();

    public LinkedNode(
        NodeIdentity? identity = null, TimeProvider? time = null, LinkLimits? limits = null,
        Func<PeerLink, Frame, ValueTask>? onFrame = null,
        Func<Greeting, InviteToken, IPAddress, Task<string?>>? redeem = null,
        PeerAddress[]? relays = null,
        string? word = null)
    {
        Identity = identity ?? NodeIdentity.CreateFresh();
        // Who is called through relays needs no port of its own.
        var listen = relays is null ? new IPEndPoint(IPAddress.Loopback, 0) : null;
        var options = new LinkHubOptions(Identity, "test", listen)
        {
            Relays = relays ?? [],
            Word = word,
            Time = time ?? TimeProvider.System,
            Limits = limits ?? new LinkLimits(),
        };
        Hub = LinkHub.Start(options, new LinkCallbacks
        {
            Trust = Trust,
            Redeem = redeem ?? ((_, _, _) => Task.FromResult<string?>(ByeReasons.InviteUnknown)),
            OnCurrent = Currents.Enqueue,
            OnGone = (link, reason) => Gone.Enqueue((link, reason)),
            OnFrame = onFrame ?? Receive,
            OnDialFailed = (_, reason) => DialFailures.Enqueue(reason),
            OnNotice = Notices.Enqueue,
            OnRelay = (relay, why) => RelayNews.Enqueue((relay, why)),
            OnMet = Met.Enqueue,
            OnError = Errors.Enqueue,
        });
    }

    public NodeIdentity Identity { get; }

    public LinkHub Hub { get; }

    public PublicKey Key => Identity.Key;

    public string Address => $"127.0.0.1:{Hub.ListenEndPoint!.Port}";

    public ConcurrentQueue<PeerLink> Currents { get; } = new();

    public ConcurrentQueue<(PeerLink Link, string Reason)> Gone { get; } = new();

    public ConcurrentQueue<AskPageFrame> Frames { get; } = new();

    public ConcurrentQueue<string> DialFailures { get; } = new();

    public ConcurrentQueue<LinkNotice> Notices { get; } = new();

    public ConcurrentQueue<Exception> Errors { get; } = new();

    public ConcurrentQueue<(PeerAddress Relay, string? Why)> RelayNews { get; } = new();

    public ConcurrentQueue<PeerAddress> Met { get; } = new();

    public ConcurrentQueue<PublicKey> Knocked { get; } = new();

    /// <summary>Waits until both nodes have each other as current on one and the same link.</summary>
    public static Task AreLinkedAsync(LinkedNode one, LinkedNode other) => Eventually.Holds(
        () => one.LinkTo(other) is { } mine && other.LinkTo(one) is { } theirs && mine.Binding == theirs.Binding,
        "both have the same current link");

    public void Accept(LinkedNode other) => trusted[other.Key] = true;

    public bool IsTrusted(LinkedNode other) => trusted.ContainsKey(other.Key);

    public void Dial(LinkedNode other, bool pinned = false) => Dial(other.Address, pinned ? other.Key : null);

    public void Dial(string address, PublicKey? key) => Hub.SetPeers([new DialTarget(address, key)]);

    public PeerLink? LinkTo(LinkedNode other) => Hub.CurrentOf(other.Key);

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Assert.Empty(Errors);
    }

    /// <summary>A key that is proven at an address which this node dialled is pinned.</summary>
    private TrustDecision Trust(Greeting greeting, string? dialled, IPEndPoint remote)
    {
        if (dialled is not null)
            trusted[greeting.Key] = true;
        if (trusted.ContainsKey(greeting.Key))
            return TrustDecision.Trusted;
        Knocked.Enqueue(greeting.Key);
        return TrustDecision.NotYetAccepted;
    }

    private ValueTask Receive(PeerLink link, Frame frame)
    {
        Frames.Enqueue((AskPageFrame)frame);
        return ValueTask.CompletedTask;
    }
}
