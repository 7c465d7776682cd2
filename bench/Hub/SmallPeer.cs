using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Core.Money;
using Tallystick.Node.Identity;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;

namespace Tallystick.Bench.Hub;

/// <summary>
/// One of many peers in this process: the links, the ledger and the keys of a node, without its API, and with a book in
/// memory. It trusts whoever dials it.
/// </summary>
internal sealed class SmallPeer : IAsyncDisposable
{
    private readonly NodeIdentity identity = NodeIdentity.CreateFresh();
    private readonly MemoryStore store = new();
    private readonly Ledger ledger;
    private readonly LinkHub links;

    public SmallPeer(string name)
    {
        var runId = RandomHash.Next();
        LinkHub? hub = null;
        ledger = Ledger.Open(
            store, identity, new KeyRing(), runId, () => hub?.HighestLinkNumber ?? 0, TimeProvider.System,
            NullLoggerFactory.Instance);
        var options = new LinkHubOptions(identity, name, new IPEndPoint(IPAddress.Loopback, 0)) { RunId = runId };
        links = hub = LinkHub.Start(options, new LinkCallbacks
        {
            Trust = (_, _, _) => TrustDecision.Trusted,
            OnCurrent = Came,
            OnGone = (link, _) => ledger.LinkIsGone(link),
            OnFrame = ledger.ReceiveAsync,
        });
        Name = name;
    }

    public string Name { get; }

    /// <summary>Where it hears whoever dials it.</summary>
    public string Address => $"127.0.0.1:{links.ListenEndPoint!.Port}";

    /// <summary>The tab with the hub, once it can pay there.</summary>
    public PaidTab? Tab => ledger.Tabs.FirstOrDefault(Pair.CanPay) is { } tab ? new PaidTab(ledger, tab) : null;

    public async ValueTask DisposeAsync()
    {
        await links.DisposeAsync();
        await ledger.DisposeAsync();
        store.Dispose();
        identity.Dispose();
    }

    private void Came(PeerLink link)
    {
        ledger.LinkIsCurrent(link);
        ledger.OpenTab(link.PeerKey, Asset.Credits);
    }
}
